import { Pool } from 'undici';
import { connections, origin, runJob } from './job.ts';

const pool = new Pool(origin, { connections });
await runJob(async (url) => {
  const { statusCode, body } = await pool.request({ path: url.slice(origin.length), method: 'GET' });
  return { status: statusCode, body: await body.text() };
});
await pool.close();
