import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answerTextOf } from '../../fixtures/details.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { PATH_PREFIX } from '../../fixtures/routes.ts';

/** An endpoint in a process of its own. */
export interface BenchServer {
  /** What serves, for the report. */
  title: string;
  url: string;
  /** The result lines of a customer. */
  linesOf(customer: string): string[];
  close(): Promise<void>;
}

/** nginx where it is installed and may answer at once; else the fixtures' endpoint. */
export async function startServer(latencyMs: number, folder: string): Promise<BenchServer> {
  const hasNginx = spawnSync('nginx', ['-v']).status === 0;
  return latencyMs === 0 && hasNginx ? await startNginx(folder) : await startFixture(latencyMs);
}

/** Its answer has 350 bytes. */
const MODEL = 'C0000011';

/** Answers from memory, each customer with the records of the same one. */
async function startNginx(folder: string): Promise<BenchServer> {
  const port = await freePort();
  const answer = answerTextOf(MODEL).replace(MODEL, '$1');
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^${PATH_PREFIX}([^/]+)$ { default_type application/json; return 200 '${answer}'; }
  }
}
`,
  );
  const server = spawn('nginx', ['-p', folder, '-c', configuration], { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilListening(port);
  return {
    title: 'nginx, 350 bytes of JSON',
    url: `http://127.0.0.1:${port}${PATH_PREFIX}{0}`,
    linesOf: (customer) => expectedLinesOf(MODEL).map((line) => line.replace(MODEL, customer)),
    close: () => end(server),
  };
}

/** The fixtures' endpoint, in a process of its own. */
export async function startFixture(latencyMs: number): Promise<BenchServer> {
  const file = fileURLToPath(new URL('../../fixtures/endpoint.ts', import.meta.url));
  const port = await freePort();
  const server = spawn(process.execPath, [file, '--port', `${port}`, '--latency-ms', `${latencyMs}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilListening(port);
  return {
    title: `the fixtures' endpoint, ${latencyMs} ms before each answer`,
    url: `http://127.0.0.1:${port}${PATH_PREFIX}{0}`,
    linesOf: expectedLinesOf,
    close: () => end(server),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(20);
  }
  throw new Error('the endpoint does not listen');
}

async function end(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
}
