import { Agent } from 'node:http';
import got from 'got';
import { connections, runJob } from './job.ts';

const client = got.extend({
  agent: { http: new Agent({ keepAlive: true, maxSockets: connections }) },
  timeout: { request: 30_000 },
  retry: { limit: 0 },
  throwHttpErrors: false,
});
await runJob(async (url) => {
  const { statusCode, body } = await client(url);
  return { status: statusCode, body };
});
