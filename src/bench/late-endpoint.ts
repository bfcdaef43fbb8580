/**
 * An endpoint whose answers take a given time and little of the processor: `node src/bench/late-endpoint.ts PORT LATENCY_MS`.
 * What is measured shares its machine: an answer takes 16 µs, the tests' own endpoint, a server of Node's, 27 (512 at a time).
 */
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { PATH_PREFIX } from '../../fixtures/routes.ts';
import { modelAnswerOf } from './model-answer.ts';

/** `GET /rest-service/endpoint/CUSTOMER HTTP/1.1`: who is asked for, as it stands there. */
const customerIn = (head: string): string => head.slice(`GET ${PATH_PREFIX}`.length, head.indexOf(' HTTP/1.1'));

function answerTextFor(customer: string): string {
  const body = modelAnswerOf(customer);
  const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers each request on a connection, one at a time: GET, for one customer, and nothing else. */
function serve(socket: Socket, latencyMs: number): void {
  let text = '';
  socket.setEncoding('latin1').on('error', () => {}); // Whoever went away needs no answer.
  socket.on('data', (piece: string) => {
    text += piece;
    if (!text.endsWith('\r\n\r\n')) return;
    const answer = answerTextFor(customerIn(text));
    text = '';
    setTimeout(() => socket.write(answer), latencyMs);
  });
}

/** An endpoint that listens on 127.0.0.1. */
export const createLateEndpoint = (latencyMs: number): Server =>
  createServer({ noDelay: true }, (socket) => serve(socket, latencyMs));

const [, script, port, latencyMs] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  createLateEndpoint(Number(latencyMs)).listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
}
