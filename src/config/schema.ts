import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { HTTP_CLIENTS, LOG_FORMATS, LOG_LEVELS, OUTPUT_FORMATS, OUTPUT_ORDERS } from '../channel/protocol.ts';
import { answerPathOrNone, outcomeRules, recordFields } from './answer-kinds.ts';
import { authenticationOrNone } from './auth-kind.ts';
import { pagesOrNone } from './pagination-kind.ts';
import {
  answerPath,
  bodyOrNone,
  clockTimeOrNone,
  column,
  commandOrNone,
  countOrShareOrNone,
  durationOrNone,
  headerValues,
  listenAddressOrNone,
  metricsFileOrNone,
  namedValues,
  oneOf,
  oneOfOrNone,
  outputFile,
  path,
  pathOrNone,
  rateOrNone,
  type SettingFacts,
  seconds,
  settingFacts,
  textOrNone,
  trueOrFalse,
  urlTemplate,
  webAddressOrNone,
  wholeNumber,
  wholeNumberOrNone,
} from './setting-kinds.ts';

/** How a file of results can be compressed. */
export const OUTPUT_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type OutputCompression = (typeof OUTPUT_COMPRESSIONS)[number];

const MAX_PROCESSES = 256;

/** Every setting, in the order in which people read about them. The only place that knows them. */
export const settingsSchema = z.strictObject({
  source_file: path({
    metavar: 'PATH',
    description: 'The list of customers, a CSV file; `-` is standard input.',
    example: 'customers.csv',
    shapesOutput: true,
  }),
  source_header: trueOrFalse({
    metavar: 'BOOLEAN',
    description: 'Whether the first line of the list names its columns.',
    default: true,
    shapesOutput: true,
  }),
  source_column: column({
    metavar: 'COLUMN',
    description: 'The column that holds the customer: its name, or its number from 1.',
    default: 1,
    example: 'customer_id',
    shapesOutput: true,
  }),
  unique_customers: trueOrFalse({
    metavar: 'BOOLEAN',
    description: 'Whether rows that ask for the same are asked for once, with their records once in the results.',
    default: false,
    shapesOutput: true,
  }),
  profile_data_file: outputFile({
    metavar: 'PATH',
    description: "The results, a line a record; the run's stamp is put before the extension.",
    default: 'results.txt',
    shapesOutput: true,
  }),
  log_file: outputFile({
    metavar: 'PATH',
    description: "What happened, and when; the run's stamp is put before the extension.",
    default: 'log.txt',
    shapesOutput: true,
  }),
  failed_customer_file: outputFile({
    metavar: 'PATH',
    description: 'The rows of the customers that were given up on, ready to be the next list.',
    default: 'failed.txt',
    shapesOutput: true,
  }),
  output_directory: path({
    metavar: 'PATH',
    description: 'Where the output files go; their own paths are relative to it.',
    defaultWords: "the settings file's directory, without one the working directory",
    example: '/var/lib/aggregate',
    shapesOutput: true,
  }),
  process_count: wholeNumber(1, MAX_PROCESSES, {
    metavar: 'N',
    description: 'How many child processes ask at the same time.',
    defaultWords: 'what the machine offers',
    example: 4,
    shapesOutput: false,
    isLive: true,
  }),
  requests_per_process: wholeNumber(1, 1024, {
    metavar: 'N',
    description: 'How many requests a child process has under way at the same time.',
    default: 16,
    shapesOutput: false,
    isLive: true,
  }),
  chunk_size: wholeNumber(1, 10_000, {
    metavar: 'N',
    description:
      'How many customers are handed to a child process at once; one that is quick may hold up to twelve times as many.',
    default: 100,
    shapesOutput: false,
  }),
  url: urlTemplate({
    metavar: 'URL',
    description:
      'What is requested for each customer: `{0}` is the customer, `{1}`, `{2}` … and `{column_name}` are other columns of its row.',
    example: 'https://server.example/customers/{0}/profile',
    shapesOutput: true,
  }),
  method: oneOfOrNone(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], {
    metavar: 'METHOD',
    description: 'The method of each request.',
    default: null,
    defaultWords: '`GET`, or `POST` where there is a `body`',
    shapesOutput: true,
  }),
  query: namedValues({
    metavar: 'NAME=VALUE',
    description: 'Parameters that are added to the query of the `url`; placeholders may stand in the values.',
    default: {},
    example: { id: '{0}', limit: 100 },
    isPrivate: true,
    shapesOutput: true,
  }),
  headers: headerValues({
    metavar: "'NAME: VALUE'",
    description:
      'Headers of each request; `${NAME}` in the settings file takes a secret from the environment, `${file:PATH}` from a file.',
    default: {},
    example: { authorization: `Bearer \${API_TOKEN}` },
    isPrivate: true,
    // They may choose what is answered, but a token that has run out must not keep a run from going on.
    shapesOutput: false,
  }),
  auth: authenticationOrNone({
    metavar: 'JSON',
    description:
      'How requests prove who asks: `{"type": "basic", "username", "password"}`, `{"type": "bearer", "token"}`, `{"type": "api_key", "in": "header" or "query", "name", "value"}`, or `{"type": "oauth2_client_credentials", "token_url", "client_id", "client_secret"}`, there also `scopes`, `client_authentication` (`header` or `body`), `parameters`.',
    default: null,
    defaultWords: 'none',
    example: { type: 'bearer', token: '${API_TOKEN}' },
    isPrivate: true,
    shapesOutput: false,
  }),
  body: bodyOrNone({
    metavar: 'JSON',
    description:
      'The body of each request: `{"json": …}` or `{"form": {…}}`; placeholders may stand in any text in it, and the text `{0:number}` becomes a number.',
    default: null,
    defaultWords: 'none',
    example: { json: { customer: '{0}' } },
    isPrivate: true,
    shapesOutput: true,
  }),
  timeout_seconds: seconds(0.001, 3600, {
    metavar: 'SECONDS',
    description: 'The limit for one attempt in total, from its start to the last byte of its answer.',
    default: 30,
    shapesOutput: false,
  }),
  connect_timeout_seconds: seconds(0.001, 3600, {
    metavar: 'SECONDS',
    description: 'The limit for making a connection, within the limit for the attempt.',
    default: 10,
    shapesOutput: false,
  }),
  http_version: wholeNumber(1, 2, {
    metavar: 'N',
    description:
      'The version of HTTP: with 2, HTTP/2 where an `https` server speaks it, on one connection for each process.',
    default: 1,
    shapesOutput: false,
  }),
  http_client: oneOf(HTTP_CLIENTS, {
    metavar: 'NAME',
    description:
      'The library that makes the requests: `undici` takes a fraction of the processor time of `got`, and does the same.',
    default: 'got',
    shapesOutput: false,
  }),
  tls_ca_file: pathOrNone({
    metavar: 'PATH',
    description: 'Certificates (PEM) of authorities to trust beside those that Node trusts: an own CA.',
    default: null,
    defaultWords: 'none',
    example: 'own-ca.pem',
    shapesOutput: false,
  }),
  tls_certificate_file: pathOrNone({
    metavar: 'PATH',
    description: 'The client certificate (PEM), where the server asks for one; its chain may follow it.',
    default: null,
    defaultWords: 'none',
    shapesOutput: false,
  }),
  tls_key_file: pathOrNone({
    metavar: 'PATH',
    description: 'The private key (PEM) of the client certificate.',
    default: null,
    defaultWords: 'none',
    shapesOutput: false,
  }),
  tls_key_passphrase: textOrNone({
    metavar: 'TEXT',
    description: 'The passphrase of the private key: in the settings file, as `${NAME}` or `${file:PATH}`.',
    default: null,
    defaultWords: 'none',
    isPrivate: true,
    shapesOutput: false,
  }),
  tls_insecure_skip_verification: trueOrFalse({
    metavar: 'BOOLEAN',
    description: 'Whether any certificate is accepted, so that anybody can pass for the server; warns at each start.',
    default: false,
    shapesOutput: false,
  }),
  max_attempts: wholeNumber(1, 100, {
    metavar: 'N',
    description: 'How many times a customer is asked for before it is given up on, the first time included.',
    default: 3,
    shapesOutput: false,
  }),
  rate_limit: rateOrNone({
    metavar: 'RATE',
    description:
      'How many requests may be made in a time, retries included, over all processes together and evenly spaced: `400/s`, `1000/min`, `3600/h`; a number is a second.',
    default: null,
    defaultWords: 'none',
    example: '400/s',
    shapesOutput: false,
    isLive: true,
  }),
  adaptive: trueOrFalse({
    metavar: 'BOOLEAN',
    description:
      'Whether requests become fewer where the endpoint cannot keep up, within `process_count` × `requests_per_process`, and more again where it can.',
    default: true,
    shapesOutput: false,
    isLive: true,
  }),
  canary: wholeNumber(0, 1000, {
    metavar: 'N',
    description:
      'How many customers are asked for before all others; where all of them are refused alike, the run ends with exit code 3. 0 for none.',
    default: 10,
    shapesOutput: false,
  }),
  max_failures: countOrShareOrNone({
    metavar: 'N',
    description:
      'How many customers may fail in one start of a run before it ends with exit code 3: a number, or a share such as `5%`, once 100 are settled.',
    default: null,
    defaultWords: 'none',
    example: '5%',
    shapesOutput: false,
    isLive: true,
  }),
  patience_seconds: seconds(0, 86_400, {
    metavar: 'SECONDS',
    description:
      'How long the endpoint is waited for where it asks for a pause (`Retry-After`, which is never shortened) or is out of order; beyond that the run ends with exit code 3.',
    default: 600,
    shapesOutput: false,
  }),
  outcomes: outcomeRules({
    metavar: 'JSON',
    description:
      'What answers mean, by `status`, `where` (JMESPath on the answer) and `header`: the first rule that is met counts, then the defaults, which `aggregate check` shows.',
    default: [],
    example: [
      { status: 404, as: 'empty' },
      { status: 200, where: "error.code == 'BUSY'", as: 'retry' },
    ],
    // A run that one of them stopped must be able to go on with another; what is settled stays as it is.
    shapesOutput: false,
  }),
  verify_customer: answerPathOrNone({
    metavar: 'PATH',
    description:
      "A path in the answer that must equal the customer: an answer that is somebody else's is never written, its connection is closed, and the customer is asked for again on a new one.",
    default: null,
    defaultWords: 'none',
    example: 'customer.id',
    shapesOutput: false,
  }),
  records: answerPath({
    metavar: 'PATH',
    description:
      'Where the list of records stands in an answer: names joined by dots, or JMESPath; `@` is the answer itself.',
    default: 'details',
    example: 'result.details',
    shapesOutput: true,
  }),
  pagination: pagesOrNone({
    metavar: 'JSON',
    description:
      'How the pages of one customer follow each other, by `type`: `next_link`, `link_header`, `cursor`, `page` or `offset` (`in`: `query` or `body`); a customer whose pages go in a circle, or are more than `max_pages` (1000), fails.',
    default: null,
    defaultWords: 'none',
    example: { type: 'next_link', path: 'links.next' },
    shapesOutput: true,
  }),
  fields: recordFields({
    metavar: 'PATH,…',
    description:
      'What is taken from a record, in the order of the output: names joined by dots, or JMESPath; `{column}` is from the row. Objects have a `name`, and a `path` (with `missing`: `fail` or `empty`) or a `value`. With ndjson the default is `[]`: the record as it was sent.',
    default: ['id', 'relevanceScore', 'relevanceRank'],
    example: ['id', { name: 'city', path: 'address.city', missing: 'empty' }, { name: 'source', value: 'crm' }],
    shapesOutput: true,
  }),
  output_format: oneOf(OUTPUT_FORMATS, {
    metavar: 'FORMAT',
    description: "What a line of the results looks like: the script's text, CSV (RFC 4180), TSV, or a JSON object.",
    default: 'text',
    shapesOutput: true,
  }),
  output_order: oneOf(OUTPUT_ORDERS, {
    metavar: 'ORDER',
    description: 'The order of results and failed customers: as answers come, or as the list has the customers.',
    default: 'arrival',
    shapesOutput: true,
  }),
  output_compression: oneOf(OUTPUT_COMPRESSIONS, {
    metavar: 'METHOD',
    description: 'How the results file is compressed; `.gz` or `.zst` is put behind its name.',
    default: 'none',
    shapesOutput: true,
  }),
  child_silence_seconds: seconds(1, 3600, {
    metavar: 'SECONDS',
    description: 'A child process that is not heard of for so long is killed, and its customers go to others.',
    default: 30,
    shapesOutput: false,
  }),
  checkpoint_seconds: seconds(0.001, 3600, {
    metavar: 'SECONDS',
    description: 'How often the journal vouches for what is written: what came after is asked for again after a crash.',
    default: 1,
    shapesOutput: false,
  }),
  log_level: oneOf(LOG_LEVELS, {
    metavar: 'LEVEL',
    description: 'How much the log says; `warn` leaves out the two lines a customer.',
    default: 'info',
    shapesOutput: false,
    isLive: true,
  }),
  log_format: oneOf(LOG_FORMATS, {
    metavar: 'FORMAT',
    description: "How the log's lines are written: `text` is `2026/01/31 23:59:59 - message`, `json` an object a line.",
    default: 'text',
    shapesOutput: true,
  }),
  report: trueOrFalse({
    metavar: 'BOOLEAN',
    description:
      'Whether a page about the run is written at its end, `report-<stamp>.html`; `aggregate report` does it later.',
    default: false,
    shapesOutput: false,
  }),
  progress_seconds: seconds(1, 86_400, {
    metavar: 'SECONDS',
    description:
      'How often a line says how far a run is, where it is not drawn on a terminal and `--verbose` asks for it.',
    default: 30,
    shapesOutput: false,
  }),
  status_address: listenAddressOrNone({
    metavar: 'ADDRESS',
    description:
      'Where a run that is on can be looked at: `/` is a page, `/metrics` for Prometheus, `/status.json`, `/healthz`. A port alone is for this machine only.',
    default: null,
    defaultWords: 'none',
    example: '127.0.0.1:9464',
    shapesOutput: false,
  }),
  metrics_textfile: metricsFileOrNone({
    metavar: 'PATH',
    description:
      "The same metrics as a file, each minute and at the end, for node_exporter's textfile collector (`*.prom`).",
    default: null,
    defaultWords: 'none',
    example: '/var/lib/prometheus/node-exporter/aggregate.prom',
    shapesOutput: false,
  }),
  keep_runs: wholeNumberOrNone(1, 100_000, {
    metavar: 'N',
    description:
      'How many finished runs are kept: after one in which every customer came, the files of older ones are removed. Those of an unfinished run never are.',
    default: null,
    defaultWords: 'all',
    example: 14,
    shapesOutput: false,
  }),
  stop_at: clockTimeOrNone({
    metavar: 'HH:MM',
    description:
      'The time of day, in local time, at which a run finishes what is in flight and ends with exit code 3, to be gone on with by `--resume-or-start`.',
    default: null,
    defaultWords: 'none',
    example: '06:00',
    shapesOutput: false,
    isLive: true,
  }),
  max_duration: durationOrNone({
    metavar: 'DURATION',
    description:
      'How long a run may take before it ends in the same way; each start of it counts by itself: `6h`, `90min`, `1h 30min`.',
    default: null,
    defaultWords: 'none',
    example: '6h',
    shapesOutput: false,
    isLive: true,
  }),
  on_finish: commandOrNone({
    metavar: 'COMMAND',
    description:
      'What is run when a run has ended in whatever way, with its summary on standard input: a list of program and arguments, or a text for the shell.',
    default: null,
    defaultWords: 'none',
    example: ['/usr/local/bin/tell-ops', '--job', 'profiles'],
    shapesOutput: false,
  }),
  on_finish_timeout_seconds: seconds(0.001, 86_400, {
    metavar: 'SECONDS',
    description: 'The limit for `on_finish`; it is ended when it takes longer.',
    default: 60,
    shapesOutput: false,
  }),
  ping_url: webAddressOrNone({
    metavar: 'URL',
    description:
      "A dead man's switch such as healthchecks.io: told when a run begins (`/start`), when every customer came, and when it ended in another way (`/fail`).",
    default: null,
    defaultWords: 'none',
    example: `https://hc-ping.com/\${PING_ID}`,
    shapesOutput: false,
  }),
});

/** The validated settings: every default applied, every path absolute, except a `source_file` of `-`. */
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** The names of all settings, in order. */
export const SETTING_NAMES: readonly SettingName[] = settingsSchema.keyof().options;

/** Whether a name is a setting's. */
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingsSchema.shape, name);

/** What is known of a setting. */
export function factsOf(name: SettingName): SettingFacts {
  const facts = settingFacts.get(settingsSchema.shape[name]);
  if (facts === undefined) throw new Error(`the setting ${name} has no facts`);
  return facts;
}

/**
 * The values for settings that nobody gave; `directory` is where the settings file is, or the working directory, `format`
 * the value of `output_format`, which may be wrong.
 */
export function defaultSettings(directory: string, format?: unknown): ReadonlyMap<SettingName, unknown> {
  const fixed = SETTING_NAMES.map((name) => [name, factsOf(name).default] as const);
  return new Map<SettingName, unknown>([
    ...fixed.filter(([, value]) => value !== undefined),
    ...(format === 'ndjson' ? [['fields', []] as const] : []),
    ['output_directory', directory],
    ['process_count', Math.min(availableParallelism(), MAX_PROCESSES)],
  ]);
}

/** A setting's flag: `--source-file`. The headers' is `--header`, since it is given once for each of them. */
export const flagOf = (name: SettingName): string =>
  name === 'headers' ? '--header' : `--${name.replaceAll('_', '-')}`;

/** A setting's environment variable: `AGGREGATE_SOURCE_FILE`. */
export const variableOf = (name: SettingName): string => `AGGREGATE_${name.toUpperCase()}`;
