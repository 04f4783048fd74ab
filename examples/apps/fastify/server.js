import shop from './app.js';

await shop({ logger: true }).listen({ port: Number(process.env.PORT ?? 3000), host: '0.0.0.0' });
