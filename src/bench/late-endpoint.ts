/**
 * An endpoint whose answers take a given time and next to no processor: `node src/bench/late-endpoint.ts PORT LATENCY_MS`.
 * What is measured shares its machine, and Node's own server takes more of it than a client that is worth measuring.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { PATH_PREFIX } from '../../fixtures/routes.ts';
import { modelAnswerOf } from './model-answer.ts';

/** An answer that waits for its time, in milliseconds on this process's clock. */
interface Waiting {
  dueMs: number;
  answer(): void;
}

/**
 * Node's timers know whole milliseconds, and are late rather than early: 0.7 ms on average, more than one in a hundred of
 * 50 ms, which nobody who asks could win back. So an answer goes out at that tick of theirs which is nearest to its time,
 * 0.1 ms late on average (measured, 4 to 512 at a time).
 */
const NEAREST_MS = 0.5;

/** Answers that are given in the order in which they were asked for, each after the same time. */
class Delay {
  readonly #latencyMs: number;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  put(answer: () => void): void {
    this.#waiting.push({ dueMs: performance.now() + this.#latencyMs, answer });
    this.#plan();
  }

  #giveDue(): void {
    this.#timer = undefined;
    const untilMs = performance.now() + NEAREST_MS;
    const count = this.#waiting.findIndex(({ dueMs }) => dueMs > untilMs);
    const due = this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
    for (const { answer } of due) answer();
    this.#plan();
  }

  #plan(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#timer ??= setTimeout(() => this.#giveDue(), Math.max(1, Math.floor(next.dueMs - performance.now())));
  }
}

/** `GET /rest-service/endpoint/CUSTOMER HTTP/1.1`: who is asked for, as it stands there. */
const customerIn = (head: string): string => head.slice(`GET ${PATH_PREFIX}`.length, head.indexOf(' HTTP/1.1'));

function answerTextFor(customer: string): string {
  const body = modelAnswerOf(customer);
  const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers each request on a connection, one at a time: GET, for one customer, and nothing else. */
function serve(socket: Socket, delay: Delay): void {
  let text = '';
  socket.setEncoding('latin1').on('error', () => {}); // Whoever went away needs no answer.
  socket.on('data', (piece: string) => {
    text += piece;
    if (!text.endsWith('\r\n\r\n')) return;
    const answer = answerTextFor(customerIn(text));
    text = '';
    delay.put(() => socket.write(answer));
  });
}

/** An endpoint that listens on 127.0.0.1. */
export const createLateEndpoint = (latencyMs: number): Server => {
  const delay = new Delay(latencyMs);
  return createServer({ noDelay: true }, (socket) => serve(socket, delay));
};

const [, script, port, latencyMs] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  createLateEndpoint(Number(latencyMs)).listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
}
