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

/** What is due so soon is done now: a timer comes late by some, so that on the whole everything is done in time. */
const EARLY_MS = 0.5;

/**
 * Does things after the same time each, to the nearest millisecond: a timer for each of them is late by a millisecond often
 * enough, and of 50 that is as much as what is measured.
 */
class Delay {
  readonly #ms: number;
  readonly #due: { atMs: number; act: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  put(act: () => void): void {
    this.#due.push({ atMs: performance.now() + this.#ms, act });
    this.#doDue();
  }

  #doDue(): void {
    const nowMs = performance.now();
    for (let first = this.#due[0]; first !== undefined && first.atMs - nowMs <= EARLY_MS; first = this.#due[0]) {
      this.#due.shift();
      first.act();
    }
    const [next] = this.#due;
    if (next === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#doDue();
      },
      next.atMs - nowMs - EARLY_MS,
    );
  }
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
export function createLateEndpoint(latencyMs: number): Server {
  const delay = new Delay(latencyMs);
  return createServer({ noDelay: true }, (socket) => serve(socket, delay));
}

const [, script, port, latencyMs] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  createLateEndpoint(Number(latencyMs)).listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
}
