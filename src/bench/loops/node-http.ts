import { Agent, get } from 'node:http';
import { connections, runJob } from './job.ts';

const agent = new Agent({ keepAlive: true, maxSockets: connections });
await runJob(
  (url) =>
    new Promise((resolve, reject) => {
      get(url, { agent, timeout: 30_000 }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      }).on('error', reject);
    }),
);
agent.destroy();
