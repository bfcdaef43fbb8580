import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { PATH_PREFIX } from '../../fixtures/routes.ts';
import { modelAnswerOf, modelLinesOf } from './model-answer.ts';

/** An endpoint in a process of its own. */
export interface BenchServer {
  /** What serves, for the report. */
  title: string;
  url: string;
  /** The result lines of a customer. */
  linesOf(customer: string): string[];
  close(): Promise<void>;
}

/** One that takes its time where answers are to; else nginx where it is installed, or the fixtures' endpoint. */
export async function startServer(latencyMs: number, folder: string): Promise<BenchServer> {
  if (latencyMs > 0) return await startLate(latencyMs);
  const hasNginx = spawnSync('nginx', ['-v']).status === 0;
  return hasNginx ? await startNginx(folder) : await startFixture();
}

/** Answers from memory, each customer with the records of the same one. */
async function startNginx(folder: string): Promise<BenchServer> {
  const port = await freePort();
  const answer = modelAnswerOf('$1');
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
    linesOf: modelLinesOf,
    close: () => end(server),
  };
}

/** The fixtures' endpoint, in a process of its own. */
export async function startFixture(): Promise<BenchServer> {
  const { port, close } = await startNode('../../fixtures/endpoint.ts', (it) => ['--port', `${it}`]);
  return {
    title: "the fixtures' endpoint",
    url: `http://127.0.0.1:${port}${PATH_PREFIX}{0}`,
    linesOf: expectedLinesOf,
    close,
  };
}

/** An endpoint that makes everybody wait. */
async function startLate(latencyMs: number): Promise<BenchServer> {
  const { port, close } = await startNode('late-endpoint.ts', (it) => [`${it}`, `${latencyMs}`]);
  return {
    title: `an endpoint of ${latencyMs} ms, 350 bytes of JSON`,
    url: `http://127.0.0.1:${port}${PATH_PREFIX}{0}`,
    linesOf: modelLinesOf,
    close,
  };
}

/** Starts a file of ours that listens. */
async function startNode(
  file: string,
  argsOf: (port: number) => string[],
): Promise<{ port: number; close(): Promise<void> }> {
  const port = await freePort();
  const path = fileURLToPath(new URL(file, import.meta.url));
  const server = spawn(process.execPath, [path, ...argsOf(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilListening(port);
  return { port, close: () => end(server) };
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
