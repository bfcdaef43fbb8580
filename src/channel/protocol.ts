/**
 * The messages between the parent and its children: the one place where both sides' messages are defined.
 *
 * Glossary, one word for one thing, in code, messages, settings and documents alike:
 * - run: one start of the program on one list, with its stamp and its files
 * - customer: what is asked for; the value of the source column, a string from end to end
 * - row: a line (or, with quoted line breaks, several lines) of the list that is neither the header nor blank
 * - position: a row's number in the list, counted from 0; a row is known by it everywhere
 * - chunk: the rows that are handed to a child in one message
 * - credit: how many more customers a child may hold; it comes back when their output is written
 * - attempt: one request for a customer, or for one of its pages, the first one included
 * - page: a part of a customer's answer, with a request of its own
 * - verdict: what an attempt means: see `VERDICTS`
 * - token: what the sign-in gives, and requests carry for a while to prove who asks
 * - sign: what an attempt says of the endpoint, whatever it says of its customer
 * - limited: told by the endpoint to ask less; it holds every child, and uses up no attempt of the customer
 * - hold: a time during which no request begins in any child
 * - permit: leave for one request to begin, from a given time on; needed while there is a rate or a hold
 * - settled: a row is settled once its records, or its failure, are written
 * - doubled: a row is doubled where another one asks for the same
 * - straggler: the row that all wait for, where the output is in the order of the list
 * - channel: one of the three ways from a child to the parent: data, log, exception
 * - record: one element of a customer's answer, which becomes one line of the results
 * - checkpoint: the point up to which the journal vouches for the output files
 *
 * How a child lives: ready → start → flow → (chunk → (data | log | exception)* → written)* → end | stop → finished → free → exit.
 * A child never leaves before `free`: of 5,000 messages of 10 KB, a child that calls `process.exit()` right after the
 * last `send` delivers 12, one that disconnects delivers 39, both with exit status 0 (measured, Linux, Node 26).
 */

import type { LatencyCounts } from './latency-histogram.ts';

/** How much the log says, the most severe first. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the lines of the results look like. */
export const OUTPUT_FORMATS = ['text', 'csv', 'tsv', 'ndjson'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** The order of the results: as answers come, or as the list has the customers. */
export const OUTPUT_ORDERS = ['arrival', 'input'] as const;
export type OutputOrder = (typeof OUTPUT_ORDERS)[number];

/** Why a customer was given up on. */
export const FAILURE_KINDS = [
  'http_4xx',
  'http_5xx',
  'rate_limited',
  'timeout',
  'network',
  'bad_answer',
  'bad_row',
  'worker_crash',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * What an answer means: `ok` and `empty` (no records) settle its customer; after `retry` it is asked for again, which uses
 * up an attempt; `fail` gives it up at once; `limited` holds the requests, `stop` ends the run, which can be resumed.
 */
export const VERDICTS = ['ok', 'empty', 'retry', 'fail', 'limited', 'stop'] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** What some answers mean: those for which everything holds that is given here. */
export interface OutcomeRule {
  /** Statuses such as `404`, or classes of them such as `4xx`. */
  status?: number | string | readonly (number | string)[] | undefined;
  /** A JMESPath expression on the parsed answer; an answer that is not JSON does not meet it. */
  where?: string | undefined;
  /** A header that is there (`retry-after`), or has this value (`x-state: busy`), without regard to case. */
  header?: string | undefined;
  as: VerdictName;
}

/**
 * What an attempt says of the endpoint: `well`, it answers, be it that it does not know this customer; `refused`, it answers
 * what everybody may get (credentials, no JSON); `limited`, it wants to be asked less; `overload`, it cannot keep up (503,
 * no answer in time); `down`, it fails or cannot be reached.
 */
export const SIGNS = ['well', 'refused', 'limited', 'overload', 'down'] as const;
export type Sign = (typeof SIGNS)[number];

/** How much of a quota is left, as the headers of an answer say. */
export interface Quota {
  /** Requests that are still allowed before the reset. */
  remaining: number;
  /** Milliseconds until the quota is whole again. */
  resetMs: number;
  /** Requests that are allowed between two resets, where that was said. */
  limit?: number;
}

/** A first answer, or its absence, that may be everybody's. */
export interface Refusal {
  /** What all that are alike have in common: `HTTP 401`, `ECONNREFUSED`, … */
  like: string;
  reason: string;
  /** How the answer begins, where there is one; redacted and cut. */
  head?: string;
  /** Whether it can hardly be one customer's own: credentials, no connection, a certificate, another host. */
  isForAll: boolean;
}

/**
 * A value of a result line: a path into the record (or `{column}`, from the row), the same with a name of its own, or a
 * value that is the same for every record but for the placeholders in it.
 */
export type FieldSetting =
  | string
  | { name?: string | undefined; path: string; missing?: 'fail' | 'empty' | undefined }
  | { name: string; value: string | number | boolean | null };

/** Which page is the last, beside what each kind of pages says itself. */
interface PageStop {
  /** Records of a full page. */
  size?: number | undefined;
  /** The last page is one without records, or one with fewer than `size`. */
  until?: 'empty' | 'short_page' | undefined;
  /** A path or expression on the page's JSON: another one follows only where it is true. */
  while?: string | undefined;
  /** A customer with more pages fails: 1000. */
  max_pages?: number | undefined;
}

/** Where the parameter stands that says which page is wanted. */
export const PARAMETER_PLACES = ['query', 'body'] as const;
export type ParameterPlace = (typeof PARAMETER_PLACES)[number];

/** Where the page behind a customer's page is. */
export type PaginationSetting = PageStop &
  (
    | { /** A link at a path in the page. */ type: 'next_link'; path: string }
    | { /** The `Link` header with the relation `next` (RFC 8288). */ type: 'link_header' }
    | {
        /** What stands at a path in the page, sent as a parameter. */ type: 'cursor';
        path: string;
        parameter: string;
        in?: ParameterPlace | undefined;
      }
    | {
        /** The number of a page. */ type: 'page';
        parameter: string;
        in?: ParameterPlace | undefined;
        start?: number | undefined;
      }
    | {
        /** The number of records before it. */ type: 'offset';
        parameter: string;
        in?: ParameterPlace | undefined;
        start?: number | undefined;
        size: number;
      }
  );

/** A row on its way to a child. `values[0]` is the customer, then one value for each placeholder of the request and the fields. */
export interface CustomerRow {
  position: number;
  values: string[];
}

/** What is known of a customer that was given up on. */
export interface Failure {
  kind: FailureKind;
  /** What happened, in words that name what came; any control characters in it are escaped where it is written. */
  reason: string;
  /** Requests made, 0 where none could be. */
  attempts: number;
  /** HTTP status of the last answer, where there was one. */
  status?: number;
  /** Milliseconds from the first request to the giving up, pauses between attempts included. */
  elapsedMs: number;
  /** How the last answer begins, redacted and cut; only for the first few that fail alike. */
  head?: string;
}

/** How the log's lines are written: as the original writes them, or as JSON objects for a log collector. */
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** A value in a query or a form. */
type PlainValue = string | number | boolean;

/** The body of a request; placeholders may stand in its texts. */
export type RequestBody = { json: unknown } | { form: Record<string, PlainValue> };

/** What proves to the endpoint who asks, where it is the same for the whole run. */
export type FixedAuth =
  | { type: 'basic'; username: string; password: string }
  | { type: 'bearer'; token: string }
  | { type: 'api_key'; in: 'header' | 'query'; name: string; value: string };

/** What is sent for a customer, as the settings say it: texts with placeholders. */
export interface RequestSettings {
  /** GET where there is none and no body, POST where there is a body. */
  method?: string | undefined;
  url: string;
  headers: Record<string, string>;
  /** Beside what the URL has. */
  query: Record<string, PlainValue>;
  body?: RequestBody | undefined;
  auth?: FixedAuth | undefined;
}

/** How servers prove who they are, and we to them; what stands in files is here as text (PEM). */
export interface TlsSettings {
  /** Authorities that are trusted beside those that Node trusts. */
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  /** False only where the settings say by name that nobody has to prove anything. */
  isVerified: boolean;
}

/** The libraries that make requests. */
export const HTTP_CLIENTS = ['got', 'undici'] as const;
export type HttpClientName = (typeof HTTP_CLIENTS)[number];

/** How connections are made, to whatever server. */
export interface ConnectionSettings {
  /** Limit for one attempt, from its start to the last byte of its answer. */
  timeoutMs: number;
  connectTimeoutMs: number;
  /** 2: HTTP/2 over TLS with servers that speak it; 1, or nothing: HTTP/1.1. */
  httpVersion?: number;
  /** got where it is left out. */
  httpClient?: HttpClientName;
  tls: TlsSettings;
  /** The proxy for each server that has one, by the server's origin. */
  proxies: Record<string, string>;
}

/** What a child needs of the settings, as plain values. */
export interface ChildSettings {
  request: RequestSettings;
  connection: ConnectionSettings;
  /** Whether each request carries a token, which the parent gets for all children. */
  needsToken?: boolean;
  requestsPerProcess: number;
  maxAttempts: number;
  /** The longest pause between two attempts that a server may ask for. */
  patienceMs: number;
  /** What answers mean; the defaults follow them. */
  outcomes: readonly OutcomeRule[];
  /** Path in an answer that must equal the customer; null where nobody looks. */
  verifyCustomer: string | null;
  /** How a customer's pages follow each other; null where an answer is all there is. */
  pagination: PaginationSetting | null;
  /** How often a child says that it is alive. */
  heartbeatMs: number;
  /** Path to the array of records in an answer. */
  records: string;
  /** What a line has beside the customer; none where a record is taken as it is (ndjson). */
  fields: readonly FieldSetting[];
  format: OutputFormat;
  order: OutputOrder;
  logLevel: LogLevel;
  logFormat: LogFormat;
  /** The run's. */
  stamp: string;
  /** Values that must not appear in anything written. */
  secrets: string[];
}

/** Parent to child: the first message; nothing is requested before it. */
export interface StartMessage {
  type: 'start';
  settings: ChildSettings;
}

/** Parent to child: customers to ask for; `chunkOf` and `rowsOf` know how. */
export interface ChunkMessage {
  type: 'chunk';
  positions: number[];
  /** Those of the first row, then those of the second, …: a list of texts costs a third of what a list of objects does. */
  values: string[];
}

/**
 * Parent to child: everything up to and including `sequence` stands in the files; its bytes are room again. It is sent when
 * that is worth a message (`TOLD_BYTES`).
 */
export interface WrittenMessage {
  type: 'written';
  sequence: number;
}

/**
 * Parent to child, where the output is in the order of the list: what waits to be written waits for the row at this
 * position, or for this child to have a place for it. All rows up to it are to be asked for although too much is unwritten.
 */
export interface HurryMessage {
  type: 'hurry';
  position: number;
}

/** Parent to child: how much is logged from now on. */
export interface LogLevelMessage {
  type: 'log_level';
  level: LogLevel;
}

/** Parent to child: the token that requests carry from now on. Where tokens are needed, nothing is requested before the first. */
export interface TokenMessage {
  type: 'token';
  /** Counts the tokens of a run, from 1. The same one again: there is no newer one to be had. */
  serial: number;
  token: string;
  /** When it expires (`machineMs`); then requests wait for the next one. Absent where nobody said. */
  expiresAtMs?: number;
}

/** Parent to child: no more chunks will come; say `finished` when all is settled and sent. */
export interface EndMessage {
  type: 'end';
}

/** Parent to child: what it may ask of the endpoint from now on. Nothing is requested before the first one. */
export interface FlowMessage {
  type: 'flow';
  /** With a new one all permits are void, and those that are still wanted are asked for anew. */
  epoch: number;
  /** Requests that it may have in flight, its share of those of the run. */
  inFlight: number;
  /** Whether each request needs a permit. */
  needsPermits: boolean;
  /** Results are told at the latest after so many milliseconds. */
  reportMs: number;
}

/** Parent to child: permits, each with the time from which on it holds (`machineMs`), ascending. */
export interface PermitsMessage {
  type: 'permits';
  epoch: number;
  /** As many as were asked for, or the first of them. */
  startsMs: number[];
  /** Permits for requests to come, that are void `AHEAD_MS` later. */
  aheadMs: number[];
}

/** For so long permits are handed out to a child whose requests do not wait for them yet. */
export const AHEAD_MS = 100;

/** Parent to child: finish the requests in flight, begin no other, then say `finished`. */
export interface StopMessage {
  type: 'stop';
}

/** Parent to child: all that was sent has arrived; leave. */
export interface FreeMessage {
  type: 'free';
}

export type ParentMessage =
  | StartMessage
  | ChunkMessage
  | WrittenMessage
  | HurryMessage
  | LogLevelMessage
  | TokenMessage
  | FlowMessage
  | PermitsMessage
  | EndMessage
  | StopMessage
  | FreeMessage;

/** Child to parent: loaded and listening. */
export interface ReadyMessage {
  type: 'ready';
}

/** Child to parent, the data channel: finished result lines, and the positions that they settle. */
export interface DataMessage {
  type: 'data';
  /** Counts the messages of all three channels of this child, from 1. */
  sequence: number;
  /** Whole lines, each ending in a line break; all lines of a customer stand together. Empty where no customer had records. */
  text: string;
  positions: number[];
  /** Those of the positions whose customer has no records, and so no line in `text`. */
  empty: number[];
  records: number;
  /** Attempts made for the customers settled here. */
  attempts: number;
  /** Where the output is in the order of the list: for each position the length of its lines in `text`, and its share. */
  parts?: { length: number; records: number; attempts: number }[];
}

/** Child to parent, the log channel. */
export interface LogMessage {
  type: 'log';
  sequence: number;
  /** Whole lines, each with its line break, as they stand in the log. */
  lines: string;
}

/** A failure and the row that it settles. */
export interface CustomerFailure extends Failure {
  position: number;
  /** When it was given up on, in milliseconds since the epoch. */
  time: number;
}

/** Child to parent, the exception channel: customers given up on, each settled by it. */
export interface ExceptionMessage {
  type: 'exception';
  sequence: number;
  failures: CustomerFailure[];
}

/** Child to parent: the child still turns. A parent that hears nothing at all for too long takes it for hung. */
export interface AliveMessage {
  type: 'alive';
  /** Customers that wait for their next attempt and keep no request busy. */
  waiting: number;
}

/** Child to parent: from here on it turns one large answer into records, and is not heard of until that is done. */
export interface BusyMessage {
  type: 'busy';
  /** For so long at most, beside what it may be silent anyway. */
  limitMs: number;
}

/** Child to parent: a request with this token was refused (401). The answer is a token message, be it with the same one. */
export interface RefusedMessage {
  type: 'refused';
  serial: number;
}

/** Child to parent: how many permits it has asked for in this epoch so far. */
export interface WantsMessage {
  type: 'wants';
  epoch: number;
  asked: number;
  /** How many it is likely to use in the next `AHEAD_MS`, beyond those that it has. */
  ahead: number;
  /** Permits that led to no answer, since it last asked: their time had passed, they became void, or what was asked by them told nothing. */
  missed: number;
}

/** Child to parent: what came of its attempts since it last told. */
export interface ResultsMessage {
  type: 'results';
  /** Attempts by their sign; signs that did not occur are not there. */
  signs: Partial<Record<Sign, number>>;
  /** Those of them that were a customer's first, which say most of the endpoint: who is asked again has failed before. */
  firsts: Partial<Record<Sign, number>>;
  /** Attempts that failed, by kind. */
  failures: Partial<Record<FailureKind, number>>;
  /** Milliseconds from request to whole answer, of those with the sign `well`. */
  latencies: LatencyCounts;
  /** Requests in flight when it was sent. */
  inFlight: number;
  /** How late this child itself was on average, in milliseconds: answers that came may have waited so long to be seen. */
  lagMs: number;
  /** The longest wait that a limited answer asked for, from now on; absent where none was limited or said for how long. */
  retryAfterMs?: number;
  /** The least that is left of a quota. */
  quota?: Quota;
  /** Customers whose records were read; a customer with pages counts with each of them. */
  read: number;
  /** First attempts that failed in a way that may pass by itself. */
  mayPass: number;
  /** Customers whose limited answers turned out to be their own: what was made of the first of them was wrong. */
  own: number;
  /** Why the last of those that failed did; absent where none did. */
  lastReason?: string;
  /** First answers that were none for their customers; a few of them. */
  refusals: Refusal[];
}

/** Child to parent: an answer came that ends the run; nothing of its customer is settled, and no other request begins here. */
export interface HaltMessage {
  type: 'halt';
  /** Which answer it was, in words. */
  reason: string;
}

/** Child to parent: nothing is left to do or to send. */
export interface FinishedMessage {
  type: 'finished';
}

/** The three channels. */
export type ChannelMessage = DataMessage | LogMessage | ExceptionMessage;
export type ChildMessage =
  | ReadyMessage
  | ChannelMessage
  | AliveMessage
  | BusyMessage
  | RefusedMessage
  | WantsMessage
  | ResultsMessage
  | HaltMessage
  | FinishedMessage;

const PARENT_TYPES: ReadonlySet<string> = new Set<ParentMessage['type']>([
  'start',
  'chunk',
  'written',
  'hurry',
  'log_level',
  'token',
  'flow',
  'permits',
  'end',
  'stop',
  'free',
]);
const CHILD_TYPES: ReadonlySet<string> = new Set<ChildMessage['type']>([
  'ready',
  'data',
  'log',
  'exception',
  'alive',
  'busy',
  'refused',
  'wants',
  'results',
  'halt',
  'finished',
]);

const hasTypeOf = (message: unknown, types: ReadonlySet<string>): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && types.has(String(message.type));

/** Whether something that arrived in a child is a message of the parent's; checked once, at the border. */
export const isParentMessage = (message: unknown): message is ParentMessage => hasTypeOf(message, PARENT_TYPES);

/** Whether something that arrived in the parent is a message of a child's; checked once, at the border. */
export const isChildMessage = (message: unknown): message is ChildMessage => hasTypeOf(message, CHILD_TYPES);
