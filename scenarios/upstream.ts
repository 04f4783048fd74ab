/** The upstream service of `io`: replies after a fixed time. Its own process, so that its CPU is not the server's. */
import { createServer } from 'node:http';

const waitMs = Number(process.argv[2]);
const body = `{"waitedMs":${waitMs}}`;
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

const server = createServer((_request, response) => {
  setTimeout(() => response.writeHead(200, headers).end(body), waitMs);
});
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', 1024, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ type: 'ready', port: address.port });
});
process.on('disconnect', () => process.exit());
