import { createServer } from 'node:http';
import { answer } from './work.js';

createServer((request, response) => {
  const [status, body] = answer(request.url, request.headers.cookie);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}).listen(process.env.PORT ?? 3000, '127.0.0.1');
