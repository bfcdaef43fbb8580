import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { rowsOf } from '../channel/chunk.ts';
import { machineMs } from '../channel/machine-clock.ts';
import {
  type BusyMessage,
  type ChildMessage,
  type ChildSettings,
  type CustomerRow,
  isParentMessage,
  type LogLevel,
  type ParentMessage,
  type RefusedMessage,
  type ResultsMessage,
  type TokenMessage,
  type WantsMessage,
} from '../channel/protocol.ts';
import { type Port, Sender } from '../channel/sender.ts';
import { createLearningRedactor } from '../config/secrets.ts';
import { createClient } from '../http/create-client.ts';
import { compileRules } from '../http/outcome-rules.ts';
import { compilePagination } from '../http/pagination.ts';
import { compileRequest } from '../http/request-template.ts';
import { parseAnswer } from '../records/read-answer.ts';
import { createReadRecords } from '../records/read-records.ts';
import { createVerify } from '../records/verify-customer.ts';
import { AnswerHeads } from './answer-heads.ts';
import { FlowGate } from './flow-gate.ts';
import { createGetCustomer, type GetCustomerDeps } from './get-customer.ts';
import { createLog } from './log.ts';
import { Outbox } from './outbox.ts';
import { OwnLimits } from './own-limits.ts';
import { PageRoom } from './page-room.ts';
import { readingLimitMs } from './reading-limit.ts';
import { RowQueue } from './row-queue.ts';
import { NO_SIGN_IN } from './sign-in.ts';
import { createSlots } from './slots.ts';
import { TokenSignIn } from './token-sign-in.ts';

/** What a child needs of `process`; tests hand in a fake. */
export interface ChildProcessPort extends Port<ChildMessage> {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  disconnect(): void;
}

/** A child from its first message to its last: takes chunks, asks for their customers, sends what came. */
export class ChildMain {
  readonly #port: ChildProcessPort;
  readonly #sender: Sender<ChildMessage>;
  readonly #outbox: Outbox;
  readonly #queue = new RowQueue((row) => void this.#settle(row));
  readonly #stopping = new AbortController();
  #worker: Worker | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #unsettled = 0;
  #isEnding = false;

  constructor(port: ChildProcessPort) {
    this.#port = port;
    this.#sender = new Sender(port);
    this.#outbox = new Outbox(
      (message) => {
        // The parent hears what the endpoint is like before it hears whom that cost.
        if (message.type === 'exception') this.#worker?.gate.flush();
        this.#sender.send(message);
      },
      () => this.#sender.whenClear(),
    );
  }

  /** Listens, and tells the parent that it does. */
  run(): void {
    this.#port.on('message', (message) => {
      if (isParentMessage(message)) this.#take(message);
    });
    this.#sender.send({ type: 'ready' });
  }

  #take(message: ParentMessage): void {
    switch (message.type) {
      case 'start':
        this.#outbox.keepsApart = message.settings.order === 'input';
        this.#worker = createWorker(message.settings, {
          outbox: this.#outbox,
          queue: this.#queue,
          signal: this.#stopping.signal,
          tell: (told) => this.#sender.send(told),
        });
        this.#heartbeat = setInterval(() => this.#beat(), message.settings.heartbeatMs);
        return;
      case 'chunk':
        this.#unsettled += message.positions.length;
        this.#queue.add(rowsOf(message));
        return;
      case 'token':
        this.#worker?.takeToken(message);
        return;
      case 'flow':
      case 'permits':
        this.#worker?.gate.take(message);
        return;
      case 'written':
        this.#outbox.written(message.sequence);
        return;
      case 'hurry':
        this.#outbox.hurry(message.position);
        this.#queue.hurry(message.position);
        return;
      case 'log_level':
        this.#worker?.setLogLevel(message.level);
        return;
      case 'end':
        this.#end();
        return;
      case 'stop':
        this.#stopping.abort();
        this.#end();
        return;
      case 'free':
        clearInterval(this.#heartbeat);
        this.#worker?.close();
        this.#port.disconnect();
        return;
      default:
        message satisfies never;
    }
  }

  #beat(): void {
    if (!this.#sender.isCongested) this.#sender.send({ type: 'alive', waiting: this.#queue.resting });
  }

  /** Anything thrown here is a fault of ours: it ends the child, and the parent gives the row to another. */
  async #settle(row: CustomerRow): Promise<void> {
    if (this.#worker === undefined) throw new Error('a chunk came before the start message');
    const outcome = await this.#worker.getCustomer(row.values, row.position);
    if (outcome.is === 'ok') this.#outbox.settle(row.position, outcome.text, outcome.records, outcome.attempts);
    if (outcome.is === 'failed') this.#outbox.fail({ ...outcome.failure, position: row.position, time: Date.now() });
    if (outcome.is === 'stop') this.#halt(outcome.reason);
    this.#unsettled -= 1;
    this.#queue.done();
    if (this.#queue.isShort) this.#outbox.hasten();
    if (this.#unsettled > 0) return;
    // Nobody is left whose output could go along with what waits to be sent.
    await (this.#isEnding ? this.#finish() : this.#outbox.flush());
  }

  /** The parent is told at once, and what it says next is `stop`: nothing more may be asked until then either. */
  #halt(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#sender.send({ type: 'halt', reason });
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (this.#unsettled === 0) void this.#finish();
  }

  async #finish(): Promise<void> {
    this.#worker?.gate.flush();
    await this.#outbox.flush();
    await this.#sender.whenClear();
    this.#sender.send({ type: 'finished' });
  }
}

/** So many customers a request are in the middle of their pages: some of them wait for their next attempt. */
const CUSTOMERS_PER_REQUEST = 2;

function pagesOf({ pagination, request, requestsPerProcess }: ChildSettings): GetCustomerDeps['pages'] {
  if (pagination === null) return undefined;
  const room = new PageRoom(CUSTOMERS_PER_REQUEST * requestsPerProcess);
  return { pagination: compilePagination(pagination, request), room };
}

interface Worker {
  gate: FlowGate;
  getCustomer: ReturnType<typeof createGetCustomer>;
  setLogLevel(level: LogLevel): void;
  takeToken(message: TokenMessage): void;
  close(): void;
}

interface WorkerParts {
  outbox: Outbox;
  queue: RowQueue;
  signal: AbortSignal;
  tell(message: BusyMessage | RefusedMessage | WantsMessage | ResultsMessage): void;
}

function createWorker(settings: ChildSettings, { outbox, queue, signal, tell }: WorkerParts): Worker {
  const slots = pLimit(settings.requestsPerProcess);
  const setSlots = (count: number) => {
    slots.concurrency = count;
    queue.slots = count;
  };
  const { redact, learn } = createLearningRedactor(settings.secrets);
  const tellRefused = (serial: number) => tell({ type: 'refused', serial });
  const tokens = settings.needsToken ? new TokenSignIn({ tellRefused, now: machineMs, signal }) : undefined;
  const template = compileRequest(settings.request);
  const client = createClient(settings.connection, {
    url: settings.request.url,
    headers: template.sharedHeaders,
    maxSockets: settings.requestsPerProcess,
  });
  const log = createLog({
    level: settings.logLevel,
    format: settings.logFormat,
    stamp: settings.stamp,
    redact,
    put: (line) => outbox.log(line),
  });
  const heads = new AnswerHeads(redact);
  const gate = new FlowGate({ send: tell, setSlots, redact, signal });
  const getCustomer = createGetCustomer({
    client,
    template,
    gate,
    ownLimits: new OwnLimits(),
    signIn: tokens ?? NO_SIGN_IN,
    rules: compileRules(settings.outcomes),
    parse: ({ body, headers }) => {
      const limitMs = readingLimitMs(body.length);
      if (limitMs > 0) tell({ type: 'busy', limitMs });
      return parseAnswer(body, headers['content-type']);
    },
    verify: settings.verifyCustomer === null ? undefined : createVerify(settings.verifyCustomer),
    slots: createSlots(slots, outbox),
    maxAttempts: settings.maxAttempts,
    patienceMs: settings.patienceMs,
    readRecords: createReadRecords(settings, template.placeholders),
    pages: pagesOf(settings),
    log: log.put,
    headOf: (...failed) => heads.headOf(...failed),
    redact,
    sleep: async (ms, abort) => {
      queue.rest();
      await sleep(ms, undefined, { signal: abort }).finally(() => queue.resume());
    },
    now: Date.now,
    random: Math.random,
    signal,
  });
  const takeToken = (message: TokenMessage) => {
    learn(message.token);
    tokens?.take(message);
  };
  return {
    gate,
    getCustomer,
    takeToken,
    setLogLevel: log.setLevel,
    close: () => client.close(),
  };
}
