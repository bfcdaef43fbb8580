import { Pool } from 'undici';
import { connections, origin, runJob } from './job.ts';

const pool = new Pool(origin, { connections });
await runJob(
  (url) =>
    new Promise((resolve, reject) => {
      let status = 0;
      const chunks: Buffer[] = [];
      pool.dispatch(
        { path: url.slice(origin.length), method: 'GET' },
        {
          onRequestStart() {},
          onResponseStart(_, statusCode) {
            status = statusCode;
          },
          onResponseData(_, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks).toString() }),
          onResponseError: (_, error) => reject(error),
        },
      );
    }),
);
await pool.close();
