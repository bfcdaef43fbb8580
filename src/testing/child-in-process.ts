import { EventEmitter } from 'node:events';
import { onTestFinished } from 'vitest';
import { chunkOf } from '../channel/chunk.ts';
import type {
  ChildMessage,
  ChildSettings,
  ConnectionSettings,
  CustomerFailure,
  HttpClientName,
  ParentMessage,
} from '../channel/protocol.ts';
import { ChildMain } from '../child/child-main.ts';

/** What a child said of a customer. */
export type Said =
  | { is: 'ok'; text: string; records: number; attempts: number }
  | ({ is: 'failed' } & Omit<CustomerFailure, 'position' | 'time' | 'elapsedMs'>)
  | { is: 'halt'; reason: string };

/** A child that runs in the test's own process, the parent's side played by the test. */
export interface ChildInProcess {
  /** Has it ask for a customer; resolves when it has said what came of it. Ask for one at a time. */
  get(...values: string[]): Promise<Said>;
  /** Tells it that nothing more will come; resolves when nothing is left to do. */
  end(): Promise<void>;
  /** What it logged so far. */
  log: string[];
}

/** Connections with limits that no test reaches by chance, made by one of the libraries. */
export const connectionBy = (httpClient: HttpClientName): ConnectionSettings => ({
  ...{ timeoutMs: 20_000, connectTimeoutMs: 20_000, tls: { isVerified: true }, proxies: {} },
  httpClient,
});

const SETTINGS = {
  requestsPerProcess: 4,
  connection: connectionBy('got'),
  maxAttempts: 1,
  patienceMs: 300_000,
  outcomes: [],
  verifyCustomer: null,
  pagination: null,
  heartbeatMs: 60_000,
  records: 'details',
  format: 'text',
  order: 'arrival',
  fields: ['id', 'relevanceScore', 'relevanceRank'],
  logLevel: 'debug',
  logFormat: 'text',
  stamp: '20260131-235959',
  secrets: [],
} satisfies Omit<ChildSettings, 'request'>;

/** Starts a child that asks at a URL, with default settings but for those given, and works until the test is over. */
export function childInProcess(url: string, settings: Partial<ChildSettings> = {}): ChildInProcess {
  const parent = new EventEmitter();
  const log: string[] = [];
  let position = 0;
  let epoch = 0;
  const finished = Promise.withResolvers<void>();
  let hear: (said: Said) => void = () => {};
  const tell = (message: ParentMessage) => parent.emit('message', message);
  const open = () => {
    epoch += 1;
    tell({ type: 'flow', epoch, inFlight: SETTINGS.requestsPerProcess, needsPermits: false, reportMs: 0 });
  };
  const take = (message: ChildMessage): void => {
    if (message.type === 'log') log.push(...messagesIn(message.lines));
    if (message.type === 'halt') hear({ is: 'halt', reason: message.reason });
    if (message.type === 'finished') finished.resolve();
    if (message.type === 'results' && message.signs.limited !== undefined) setTimeout(open, message.retryAfterMs ?? 0);
    const said = saidIn(message);
    if (said !== undefined) hear(said);
    if ('sequence' in message) tell({ type: 'written', sequence: message.sequence });
  };
  new ChildMain({
    send: (message, callback) => {
      queueMicrotask(() => {
        take(message);
        callback(null);
      });
      return true;
    },
    on: (event, listener) => parent.on(event, listener),
    disconnect: () => {},
  }).run();
  tell({ type: 'start', settings: { ...SETTINGS, request: { url, headers: {}, query: {} }, ...settings } });
  open();
  onTestFinished(() => {
    tell({ type: 'stop' });
    tell({ type: 'free' });
  });
  return {
    log,
    end: () => {
      tell({ type: 'end' });
      return finished.promise;
    },
    get: (...values) =>
      new Promise((resolve) => {
        hear = resolve;
        tell(chunkOf([{ position, values }]));
        position += 1;
      }),
  };
}

function saidIn(message: ChildMessage): Said | undefined {
  if (message.type === 'data') {
    const { text, records, attempts } = message;
    return { is: 'ok', text, records, attempts };
  }
  const [failure] = message.type === 'exception' ? message.failures : [];
  if (failure === undefined) return undefined;
  const { position: _, time: _time, elapsedMs: _elapsed, ...rest } = failure;
  return { is: 'failed', ...rest };
}

/** The messages in lines of the log, without the time before each. */
const messagesIn = (lines: string): string[] =>
  lines
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\S+ \S+ - /, ''));
