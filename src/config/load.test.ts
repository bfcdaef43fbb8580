import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type LoadRequest, loadSettings } from './load.ts';
import { describeOrigin } from './origin.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(temporaryFolder());
});

const URL_TEMPLATE = 'http://server.example/{0}';
const enough = { source_file: 'list.csv', url: URL_TEMPLATE };
const reference = (name: string) => `$\{${name}}`;

const load = (request: Partial<LoadRequest>) => loadSettings({ flags: {}, env: {}, cwd: folder, ...request });

const writeConfig = async (settings: unknown, name = 'aggregate.config.json'): Promise<string> => {
  await writeFile(join(folder, name), JSON.stringify(settings));
  return join(folder, name);
};

const problemsOf = async (request: Partial<LoadRequest>): Promise<readonly string[]> => {
  const error = await load(request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SettingsError)) throw new Error('expected a SettingsError', { cause: error });
  return error.problems;
};

describe('loadSettings: order and defaults', () => {
  it('takes flags that say enough for enough, and fills in the defaults', async () => {
    const { settings, configFile, secrets } = await load({ flags: enough });
    expect(settings).toEqual({
      source_file: join(folder, 'list.csv'),
      source_header: true,
      source_column: 1,
      unique_customers: false,
      profile_data_file: join(folder, 'results.txt'),
      log_file: join(folder, 'log.txt'),
      failed_customer_file: join(folder, 'failed.txt'),
      output_directory: folder,
      process_count: Math.min(availableParallelism(), 256),
      requests_per_process: 16,
      chunk_size: 100,
      url: URL_TEMPLATE,
      method: null,
      query: {},
      headers: {},
      auth: null,
      body: null,
      timeout_seconds: 30,
      connect_timeout_seconds: 10,
      http_version: 1,
      http_client: 'got',
      tls_ca_file: null,
      tls_certificate_file: null,
      tls_key_file: null,
      tls_key_passphrase: null,
      tls_insecure_skip_verification: false,
      max_attempts: 3,
      rate_limit: null,
      adaptive: true,
      canary: 10,
      max_failures: null,
      patience_seconds: 600,
      outcomes: [],
      verify_customer: null,
      pagination: null,
      records: 'details',
      fields: ['id', 'relevanceScore', 'relevanceRank'],
      output_format: 'text',
      output_order: 'arrival',
      output_compression: 'none',
      child_silence_seconds: 30,
      checkpoint_seconds: 1,
      log_level: 'info',
      log_format: 'text',
      report: false,
      status_address: null,
      metrics_textfile: null,
      progress_seconds: 30,
      keep_runs: null,
      stop_at: null,
      max_duration: null,
      on_finish: null,
      on_finish_timeout_seconds: 60,
      ping_url: null,
    });
    expect({ configFile, secrets }).toEqual({ configFile: undefined, secrets: [] });
  });

  it('takes the word none on the command line or in the environment for a setting that may be left out', async () => {
    await writeConfig({ ...enough, stop_at: '06:00', max_duration: '6h' });
    const { settings } = await load({ flags: { stop_at: 'none' }, env: { AGGREGATE_MAX_DURATION: 'none' } });
    expect(settings).toMatchObject({ stop_at: null, max_duration: null });
    expect(await problemsOf({ flags: { ...enough, url: 'none', stop_at: '24:00', max_duration: '90' } })).toEqual([
      expect.stringMatching(/^url: expected an absolute URL/),
      'stop_at: expected a time of day from 00:00 to 23:59, such as 06:00, got "24:00" (flag --stop-at)',
      'max_duration: expected a duration such as 6h, 90min, 1h 30min or 45s, got "90" (flag --max-duration)',
    ]);
  });

  it('leaves a command as it stands, but for a program with a path, which is relative to the file', async () => {
    const words = ['./tell', '${HOME}'];
    await writeConfig({ ...enough, on_finish: words });
    const command = async (request: Partial<LoadRequest>) => (await load(request)).settings.on_finish;
    expect(await command({})).toEqual([join(folder, 'tell'), '${HOME}']);
    expect(await command({ flags: { on_finish: '["tell", "a b"]' } })).toEqual(['tell', 'a b']);
    expect(await command({ flags: { on_finish: './tell | mail ops' } })).toBe('./tell | mail ops');
    expect(await problemsOf({ flags: { ...enough, on_finish: '[]' } })).toEqual([
      expect.stringMatching(/^on_finish: expected a list such as .* or a command for the shell as a text, got /),
    ]);
  });

  it('takes the URL of a switch for a secret, whole and without its host', async () => {
    const { secrets } = await load({ flags: { ...enough, ping_url: 'https://hc.example/0123-4567?x=1' } });
    expect(secrets).toEqual(['https://hc.example/0123-4567?x=1', '/0123-4567?x=1']);
    const [problem] = await problemsOf({ flags: { ...enough, ping_url: 'https://me:pw@hc.example/0123-4567' } });
    expect(problem).toMatch(/^ping_url: expected a URL that begins with http/);
    expect(problem).not.toContain('0123');
  });

  it('says what a setting is called now, wherever its old name is given', async () => {
    const path = await writeConfig({ ...enough, max_retry_after_seconds: 1 });
    const flags = { 'max-retry-after-seconds': '1' };
    expect(await problemsOf({ flags, env: { AGGREGATE_MAX_RETRY_AFTER_SECONDS: '1' } })).toEqual([
      '--max-retry-after-seconds: unknown flag; it is --patience-seconds now',
      'AGGREGATE_MAX_RETRY_AFTER_SECONDS: unknown environment variable; it is AGGREGATE_PATIENCE_SECONDS now',
      `max_retry_after_seconds: unknown setting in ${path}; it is patience_seconds now`,
    ]);
  });

  it('G7: takes a flag before the environment, that before the file, and that before the default', async () => {
    const path = await writeConfig({ ...enough, process_count: 2, chunk_size: 2, max_attempts: 2 });
    const { settings, origins, configFile } = await load({
      flags: { process_count: '4' },
      env: { AGGREGATE_PROCESS_COUNT: '3', AGGREGATE_CHUNK_SIZE: '3' },
    });
    const { process_count, chunk_size, max_attempts, timeout_seconds } = settings;
    expect({ process_count, chunk_size, max_attempts, timeout_seconds }).toEqual({
      process_count: 4,
      chunk_size: 3,
      max_attempts: 2,
      timeout_seconds: 30,
    });
    expect(describeOrigin(origins.process_count)).toBe('flag --process-count');
    expect(describeOrigin(origins.chunk_size)).toBe('environment AGGREGATE_CHUNK_SIZE');
    expect(describeOrigin(origins.max_attempts)).toBe(`file ${path}`);
    expect(describeOrigin(origins.timeout_seconds)).toBe('default');
    expect(configFile).toBe(path);
  });

  it('checks nothing that was overruled', async () => {
    await writeConfig({ ...enough, process_count: 'junk', headers: { 'x-token': reference('NO_SUCH') } });
    const { settings } = await load({ flags: { process_count: '4', headers: 'A: b' } });
    expect(settings).toMatchObject({ process_count: 4, headers: { A: 'b' } });
  });

  it('looks for no file where it is told not to', async () => {
    await writeConfig({ process_count: 2 });
    expect((await load({ flags: enough, searchFile: false })).configFile).toBeUndefined();
  });

  it('takes every kind of value from the environment', async () => {
    const env = {
      AGGREGATE_SOURCE_FILE: '-',
      AGGREGATE_URL: URL_TEMPLATE,
      AGGREGATE_SOURCE_HEADER: 'false',
      AGGREGATE_TIMEOUT_SECONDS: '0.5',
      AGGREGATE_HEADERS: '{"Accept": "text/plain"}',
      AGGREGATE_FIELDS: 'id,address.city',
      AGGREGATE_SOMETHING_ELSE: 'of another program',
    };
    expect((await load({ env })).settings).toMatchObject({
      source_file: '-',
      source_header: false,
      timeout_seconds: 0.5,
      headers: { Accept: 'text/plain' },
      fields: ['id', 'address.city'],
    });
  });
});

describe('loadSettings: paths', () => {
  it('resolves paths in the file against the file, and output files against the output directory', async () => {
    await mkdir(join(folder, 'etc'));
    await writeConfig({ ...enough, output_directory: '../out', log_file: '/var/log/x.txt' }, 'etc/night.json');
    const { settings } = await load({
      configPath: 'etc/night.json',
      flags: { failed_customer_file: 'again/failed.txt' },
    });
    expect(settings).toMatchObject({
      source_file: join(folder, 'etc/list.csv'),
      output_directory: join(folder, 'out'),
      profile_data_file: join(folder, 'out/results.txt'),
      failed_customer_file: join(folder, 'out/again/failed.txt'),
      log_file: '/var/log/x.txt',
    });
  });

  it('resolves paths in flags and environment against the working directory', async () => {
    await mkdir(join(folder, 'etc'));
    await writeConfig(enough, 'etc/night.json');
    const env = { AGGREGATE_OUTPUT_DIRECTORY: 'out' };
    const { settings } = await load({ configPath: 'etc/night.json', flags: { source_file: 'other.csv' }, env });
    expect(settings).toMatchObject({ source_file: join(folder, 'other.csv'), output_directory: join(folder, 'out') });
  });

  it('writes beside the settings file where no output directory is given', async () => {
    await mkdir(join(folder, 'etc'));
    await writeConfig(enough, 'etc/night.json');
    const { settings } = await load({ configPath: 'etc/night.json' });
    expect(settings.output_directory).toBe(join(folder, 'etc'));
  });

  it('G8: refuses two outputs on one path, also by a detour and by a linked directory', async () => {
    await symlink(folder, join(folder, 'link'));
    const same = join(folder, 'log.txt');
    const flags = { ...enough, profile_data_file: 'x/../log.txt', failed_customer_file: 'link/log.txt' };
    expect(await problemsOf({ flags })).toEqual([
      `log_file: expected a file of its own, but it is the same as profile_data_file: "${same}" (default)`,
      `failed_customer_file: expected a file of its own, but it is the same as profile_data_file: "${join(folder, 'link/log.txt')}" (flag --failed-customer-file)`,
    ]);
  });

  it('G8: refuses an output that is the list', async () => {
    expect(await problemsOf({ flags: { ...enough, log_file: 'list.csv' } })).toEqual([
      `log_file: expected a file of its own, but it is the same as source_file: "${join(folder, 'list.csv')}" (flag --log-file)`,
    ]);
  });

  it("refuses an output on a path of the run's own files", async () => {
    const [problem] = await problemsOf({ flags: { ...enough, log_file: 'summary.json' } });
    expect(problem).toContain("the same as the run's own summary.json");
  });

  it.each(['', 'out/', '-', '.', '..', 'a/..', 'a\u0000b'])('refuses the output file %j', async (path) => {
    const [problem, ...others] = await problemsOf({ flags: { ...enough, log_file: path } });
    expect(problem).toMatch(/^log_file: expected the path of a file.*, got ".*" \(flag --log-file\)$/);
    expect(others).toEqual([]);
  });
});

describe('loadSettings: wrong settings', () => {
  it('names what is missing and where it could be given', async () => {
    expect(await problemsOf({})).toEqual([
      `source_file: required, but given in none of these: flag --source-file, environment AGGREGATE_SOURCE_FILE, file aggregate.config.json (none in ${folder})`,
      `url: required, but given in none of these: flag --url, environment AGGREGATE_URL, file aggregate.config.json (none in ${folder})`,
    ]);
  });

  it('G2: names the nearest setting for an unknown one, in file, environment and flags', async () => {
    const path = await writeConfig({ ...enough, procesCount: 4, 'x\ny': 1 });
    const request = { flags: { timout_seconds: '1' }, env: { AGGREGATE_CHUNKSIZE: '5' } };
    expect(await problemsOf(request)).toEqual([
      '--timout_seconds: unknown flag; did you mean --timeout-seconds?',
      'AGGREGATE_CHUNKSIZE: unknown environment variable; did you mean AGGREGATE_CHUNK_SIZE?',
      `procesCount: unknown setting in ${path}; did you mean process_count?`,
      `"x\\ny": unknown setting in ${path}; \`aggregate run --help\` lists the settings`,
    ]);
  });

  it('is not fooled by names that every object has', async () => {
    await writeFile(join(folder, 'aggregate.config.json'), '{"__proto__": {"url": "x"}, "constructor": 1}');
    const problems = await problemsOf({ flags: enough });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['__proto__', 'constructor']);
  });

  const junk: [string, string][] = [
    ['abc', '"abc"'],
    ['', '""'],
    ['NaN', '"NaN"'],
    ['0', '0'],
    ['-1', '-1'],
    ['1000000000', '1000000000'],
    ['1e3', '"1e3"'],
    ['0x10', '"0x10"'],
    [' 5', '" 5"'],
    ['1.5', '1.5'],
    ['[4]', '"[4]"'],
    ['9'.repeat(400), 'Infinity'],
  ];

  it.each(junk)('G3: refuses a process_count of %.12j as a flag and in the environment', async (word, shown) => {
    const expected = `process_count: expected a whole number from 1 to 256, got ${shown}`;
    expect(await problemsOf({ flags: { ...enough, process_count: word } })).toEqual([
      `${expected} (flag --process-count)`,
    ]);
    expect(await problemsOf({ flags: enough, env: { AGGREGATE_PROCESS_COUNT: word } })).toEqual([
      `${expected} (environment AGGREGATE_PROCESS_COUNT)`,
    ]);
  });

  it.each([
    ['"4"', '"4"'],
    ['0', '0'],
    ['-1', '-1'],
    ['1e9', '1000000000'],
    ['1e999', 'Infinity'],
    ['1.5', '1.5'],
    ['null', 'null'],
    ['true', 'true'],
    ['[]', 'an empty list'],
    ['[4]', 'a list'],
    ['{"n": 4}', 'an object'],
  ])('G3: refuses a process_count of %s in the file', async (json, shown) => {
    const path = join(folder, 'aggregate.config.json');
    await writeFile(path, `{"process_count": ${json}}`);
    expect(await problemsOf({ flags: enough })).toEqual([
      `process_count: expected a whole number from 1 to 256, got ${shown} (file ${path})`,
    ]);
  });

  it('tells of everything at once, each on a line of its own', async () => {
    await writeConfig({
      source_column: 0,
      source_header: 'yes',
      headers: { 'a b': 'x', 'x-n': 3, 'x-l': 'a\r\nb', Connection: 'close', Expect: '100-continue' },
      fields: ['id', ''],
      records: 'a..b',
      log_level: 'loud\u001b[31m',
      timeout_seconds: 3601,
      max_attempts: 0,
    });
    const problems = await problemsOf({ flags: { url: ['a', 'b'] } });
    const place = ` (file ${join(folder, 'aggregate.config.json')})`;
    expect(problems).toEqual([
      'url: expected one value, got 2 of them (flag --url)',
      expect.stringContaining('source_file: required'),
      `source_header: expected true or false, got "yes"${place}`,
      `source_column: expected a column name, or a column number from 1, got 0${place}`,
      `headers.a…: expected a header name without blanks and separators, got text${place}`,
      `headers.x-n: expected text, got a number${place}`,
      `headers.x-l: expected a value on one line, in Latin-1, without control characters, got text${place}`,
      `headers.Connection: expected no such header: the program sets it itself, got text${place}`,
      `headers.Expect: expected no such header: the program sets it itself, got text${place}`,
      `timeout_seconds: expected seconds from 0.001 to 3600, got 3601${place}`,
      `max_attempts: expected a whole number from 1 to 100, got 0${place}`,
      `records: expected names joined by dots such as result.details, or JMESPath, got "a..b"${place}`,
      `fields[1]: expected names joined by dots such as result.details, or JMESPath, got ""${place}`,
      `log_level: expected error, warn, info or debug, got "loud\\u001b[31m"${place}`,
    ]);
  });

  it('says of a rule for answers what is wrong in it', async () => {
    await writeConfig({
      ...enough,
      outcomes: [
        { stauts: 404, as: 'empty' },
        { status: 'abc', as: 'emty' },
        { status: [404, 600], where: 'a ==', header: 'no name', as: 'ok' },
        { as: 'ok' },
        'stop',
      ],
    });
    const like = 'a rule such as {"status": 404, "as": "empty"}';
    const place = ` (file ${join(folder, 'aggregate.config.json')})`;
    const status = 'a status such as 404 or a class such as "4xx"';
    const noCondition = 'a rule that says for which answers it is: status, where or header';
    expect(await problemsOf({})).toEqual([
      `outcomes[0]: expected ${like} without stauts (did you mean status?), got an object${place}`,
      `outcomes[0]: expected ${noCondition}, got an object${place}`,
      `outcomes[1].status: expected ${status}, got "abc"${place}`,
      `outcomes[1].as: expected one of ok, empty, retry, fail, limited, stop, got "emty"${place}`,
      `outcomes[2].status[1]: expected ${status}, got 600${place}`,
      expect.stringMatching(/^outcomes\[2\]\.where: expected JMESPath \(.*\), got "a ==" /),
      `outcomes[2].header: expected "name" or "name: value" with a header name without blanks and separators, got "no name"${place}`,
      `outcomes[3]: expected ${noCondition}, got an object${place}`,
      `outcomes[4]: expected ${like}, got "stop"${place}`,
    ]);
  });

  it('says of pages what is wrong with them', async () => {
    const problemOf = async (pagination: unknown) => {
      const [problem = '', ...more] = await problemsOf({
        flags: { ...enough, pagination: JSON.stringify(pagination) },
      });
      expect(more).toEqual([]);
      return problem.replace(' (flag --pagination)', '');
    };
    const like =
      'an object with a type (next_link, link_header, cursor, page, offset), such as {"type": "next_link", "path": "links.next"}';
    expect(await problemOf(['next_link'])).toBe(`pagination: expected ${like}, got a list`);
    expect(await problemOf({ type: 'nextlink', path: 'a' })).toBe(`pagination.type: expected ${like}, got "nextlink"`);
    expect(await problemOf({ type: 'next_link' })).toBe(
      'pagination.path: expected a path into the page such as links.next, got nothing',
    );
    expect(await problemOf({ type: 'page', parameter: 'p', path: 'a' })).toBe(
      `pagination: expected ${like} without path (its members are type, parameter, in, start, size, until, while, max_pages), got an object`,
    );
    expect(await problemOf({ type: 'page', parameter: 'p', until: 'short_page' })).toBe(
      'pagination.until: expected a size beside short_page, got "short_page"',
    );
    expect(await problemOf({ type: 'offset', parameter: 'o' })).toBe(
      'pagination.size: expected the number of records of a full page, got nothing',
    );
    expect(await problemOf({ type: 'link_header', max_pages: 0 })).toBe(
      'pagination.max_pages: expected a number of pages from 1, got 0',
    );
    const good = { type: 'cursor', path: 'meta.next', parameter: 'cursor', while: 'meta.more', max_pages: 5 };
    expect((await load({ flags: { ...enough, pagination: JSON.stringify(good) } })).settings.pagination).toEqual(good);
    expect((await load({ flags: { ...enough, pagination: 'none' } })).settings.pagination).toBeNull();
  });

  it('takes a parameter in the body where there is one, and in JSON a place for it', async () => {
    const problemsWith = (parameter: string, body: unknown) => {
      const pagination = JSON.stringify({ type: 'cursor', path: 'next', parameter, in: 'body' });
      return problemsOf({ flags: { ...enough, pagination, body: JSON.stringify(body) } });
    };
    const flag = '(flag --pagination)';
    const way = 'names joined by dots that lead through objects of the body';
    expect(await problemsWith('after', null)).toEqual([
      `pagination.in: expected query, since there is no body, got "body" ${flag}`,
    ]);
    expect(await problemsWith('a.b', { json: { a: [1] } })).toEqual([
      `pagination.parameter: expected ${way}, got "a.b" ${flag}`,
    ]);
    expect(await problemsWith('a..b', { json: {} })).toEqual([
      `pagination.parameter: expected ${way}, got "a..b" ${flag}`,
    ]);
    for (const body of [{ json: { a: { b: 7 } } }, { json: { x: 1 } }, { form: { x: '1' } }]) {
      const flags = {
        ...enough,
        pagination: JSON.stringify({ type: 'cursor', path: 'next', parameter: 'a.b', in: 'body' }),
        body: JSON.stringify(body),
      };
      expect((await load({ flags })).settings.pagination).toMatchObject({ in: 'body' });
    }
  });

  it('says of a field what is wrong in it', async () => {
    await writeConfig({
      ...enough,
      fields: [
        'id',
        7,
        { path: 'a..b' },
        { path: 'a', missing: 'skip' },
        { nmae: 'b', path: 'b' },
        { value: 1 },
        '{id}',
      ],
    });
    const place = ` (file ${join(folder, 'aggregate.config.json')})`;
    const like = 'a path such as address.city, {"name", "path"} or {"name", "value"}';
    const names = 'names joined by dots such as result.details, or JMESPath';
    expect(await problemsOf({})).toEqual([
      `fields[1]: expected ${like}, got 7${place}`,
      `fields[2]: expected path to be ${names}, got an object${place}`,
      `fields[3]: expected missing to be fail or empty, got an object${place}`,
      `fields[4]: expected ${like} without nmae (did you mean name?), got an object${place}`,
      `fields[5]: expected name to be a name, got an object${place}`,
    ]);
  });

  it('refuses fields of one name, and takes one from the row beside a path of the same name', async () => {
    expect(await problemsOf({ flags: { ...enough, fields: 'id,a,id' } })).toEqual([
      'fields[2]: expected each name once, got "id" (flag --fields)',
    ]);
    const fields = ['id', { name: 'row_id', path: '{id}' }, { name: 'source', value: 'crm-{0}' }];
    expect((await load({ flags: { ...enough, fields: JSON.stringify(fields) } })).settings.fields).toEqual(fields);
  });

  it('takes rules for answers as JSON on the command line', async () => {
    const rules = [{ status: [404, '5xx'], where: "a == 'b'", header: 'x-state: busy', as: 'empty' }];
    const { settings } = await load({ flags: { ...enough, outcomes: JSON.stringify(rules) } });
    expect(settings.outcomes).toEqual(rules);
    expect(await problemsOf({ flags: { ...enough, outcomes: '404=empty' } })).toEqual([
      'outcomes: expected JSON, got something else (flag --outcomes)',
    ]);
  });

  it('takes the whole record where nobody chose fields for ndjson, and wants some for all other formats', async () => {
    const fieldsOf = async (flags: Record<string, string>) =>
      (await load({ flags: { ...enough, ...flags } })).settings.fields;
    expect(await fieldsOf({ output_format: 'ndjson' })).toEqual([]);
    expect(await fieldsOf({ output_format: 'ndjson', fields: 'id' })).toEqual(['id']);
    expect(await fieldsOf({ output_format: 'csv' })).toEqual(['id', 'relevanceScore', 'relevanceRank']);
    expect(await problemsOf({ flags: { ...enough, output_format: 'csv', fields: '[]' } })).toEqual([
      'fields: expected a list of at least one, got an empty list (flag --fields)',
    ]);
  });

  it("refuses a field of the customer's name where names are written", async () => {
    const fields = '[{"name":"customer","path":"id"}]';
    expect(await problemsOf({ flags: { ...enough, output_format: 'tsv', fields } })).toEqual([
      "fields: expected other names than customer, which is the customer's own: a list (flag --fields)",
    ]);
    expect((await load({ flags: { ...enough, fields } })).settings.fields).toHaveLength(1);
  });

  it('refuses a column name where no line names the columns', async () => {
    expect(await problemsOf({ flags: { ...enough, source_column: 'id', source_header: false } })).toEqual([
      'source_column: expected a number, since source_header is false and no line names the columns, got "id" (flag --source-column)',
    ]);
  });

  it('refuses a header that stands twice in other letters', async () => {
    await writeConfig({ ...enough, headers: { Accept: 'a', accept: 'b' } });
    expect(await problemsOf({})).toEqual([expect.stringContaining('headers.accept: expected each header once')]);
  });

  it('refuses a flag with a dot in its name, which yargs takes for an object', async () => {
    expect(await problemsOf({ flags: { ...enough, url: { x: 'y' } } })).toEqual([
      'url: expected an absolute URL with {0} where the customer belongs, got an object (flag --url)',
    ]);
  });
});

describe('loadSettings: secrets', () => {
  it('fills texts of the file from the environment, and those of flags and environment not', async () => {
    await writeConfig({
      url: `http://${reference('HOST_NAME')}/{0}`,
      headers: { Authorization: `Bearer ${reference('KEY')}` },
    });
    const env = { HOST_NAME: 'server.example', KEY: 's3cret', AGGREGATE_SOURCE_COLUMN: reference('KEY') };
    const { settings, secrets } = await load({ env, flags: { source_file: reference('KEY') } });
    expect(settings).toMatchObject({
      source_file: join(folder, reference('KEY')),
      url: 'http://server.example/{0}',
      headers: { Authorization: 'Bearer s3cret' },
      source_column: reference('KEY'),
    });
    expect(secrets).toEqual(['server.example', 's3cret', 'Bearer s3cret']);
  });

  it('knows secrets that were written plainly, and none too short to be masked', async () => {
    const flags = {
      ...enough,
      url: `${URL_TEMPLATE}?api_key=0123456789`,
      headers: ['X-Api-Key: abcdef', 'X-Token: abc'],
    };
    expect((await load({ flags })).secrets).toEqual(['abcdef', '0123456789']);
  });

  it('knows a secret that stands percent-encoded in the url as a server tells of it, too', async () => {
    await writeConfig({ url: 'https://server.example/{0}?sid=${SID}' });
    const { secrets } = await load({ env: { SID: 's3c%2Bret%20x' }, flags: { source_file: 'list.csv' } });
    expect(secrets).toEqual(['s3c%2Bret%20x', 's3c+ret x']);
  });

  it('takes secrets from files, relative to the settings file, and names those that cannot be read', async () => {
    await writeFile(join(folder, 'token'), 's3cret{0}\n');
    const path = await writeConfig({
      ...enough,
      headers: { 'X-Token': reference('file:token') },
      query: { key: reference('file:no/such') },
      body: { json: { deep: [reference('file:.')] } },
    });
    expect(await problemsOf({})).toEqual([
      `query: the file ${folder}/no/such cannot be read: there is no such file (file ${path})`,
      `body: the file ${folder} cannot be read: it is a directory (file ${path})`,
    ]);
    const { settings, secrets } = await load({ flags: { query: 'a=1', body: 'none' } });
    expect(settings.headers).toEqual({ 'X-Token': 's3cret{{0}}' });
    expect(secrets).toEqual(expect.arrayContaining(['s3cret{0}', 's3cret{{0}}']));
  });

  it('names a variable that is not set, and its setting', async () => {
    const path = await writeConfig({ ...enough, headers: { Authorization: `Bearer ${reference('NO_SUCH')}` } });
    expect(await problemsOf({})).toEqual([`headers: the environment variable NO_SUCH is not set (file ${path})`]);
  });

  it.each([
    `http://me:hunter2@h/{0}`,
    `http://me:hun/ter2@h/{0}`,
    `http://me:hunter2@h/{0}\n`,
    `me:hunter2@h/{0}`,
    `https:hunter2@h`,
    `http://h/?password=hunter2hunter2`,
  ])('G4: does not repeat the password of the URL %j', async (url) => {
    const [problem = '', ...others] = await problemsOf({ flags: { ...enough, url } });
    expect(problem).toMatch(/^url: expected .*\*\*\*.* \(flag --url\)$/);
    expect(problem).not.toContain('ter2');
    expect(others).toEqual([]);
  });

  it('repeats no secret in any problem', async () => {
    await writeConfig({
      url: `ftp://h/${reference('KEY')}`,
      log_level: reference('KEY'),
      records: `.${reference('KEY')}`,
      fields: reference('KEY'),
      headers: { 'Authorization: hunter2': '', Authorization: 'hunter2\n', 'X-Other': ['hunter2'] },
    });
    const problems = await problemsOf({ env: { KEY: 'hunter2' }, flags: { headers: undefined } });
    expect(problems.length).toBeGreaterThan(6);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(
      await problemsOf({ flags: { ...enough, headers: 'Bearer hunter2', log_level: 'x' }, env: { KEY: 'x' } }),
    ).not.toContain('hunter2');
  });
});

describe('loadSettings: the request', () => {
  it('takes the customer in any part of the request, and misses it where it is in none', async () => {
    const flags = { ...enough, url: 'http://h/c?r={1}' };
    const expected = 'url: expected {0} where the customer belongs, here or in query, headers or body';
    expect(await problemsOf({ flags })).toEqual([`${expected}, got "http://h/c?r={1}" (flag --url)`]);
    for (const more of [{ query: 'id={0}' }, { headers: 'X-Id: {0}' }, { body: '{"json":["{0:number}"]}' }]) {
      expect((await load({ flags: { ...flags, ...more } })).settings.url).toBe('http://h/c?r={1}');
    }
  });

  it('takes a body as JSON or as a form, and shows nothing of what is neither', async () => {
    const bodyOf = async (body: string) => (await load({ flags: { ...enough, body } })).settings.body;
    expect(await bodyOf('{"json":{"id":"{0}","n":[1,null]}}')).toEqual({ json: { id: '{0}', n: [1, null] } });
    expect(await bodyOf('{"form":{"id":"{0}","n":1}}')).toEqual({ form: { id: '{0}', n: 1 } });
    const expected = 'body: expected {"json": …} or {"form": {…}}, got an object (flag --body)';
    for (const body of ['{"id":"hunter2"}', '{"json":1,"form":{}}', '{"form":{"a":["hunter2"]}}']) {
      expect(await problemsOf({ flags: { ...enough, body } })).toEqual([expected]);
    }
    expect(await problemsOf({ flags: { ...enough, body: '{hunter2' } })).toEqual([
      'body: expected JSON, got something else (flag --body)',
    ]);
  });

  it('refuses a body where the method has none, and a method that nobody knows', async () => {
    const flags = { ...enough, body: '{"json":1}', method: 'GET' };
    expect(await problemsOf({ flags })).toEqual([
      'method: expected one that has a body, since there is a body, got "GET" (flag --method)',
    ]);
    expect(await problemsOf({ flags: { ...enough, method: 'get' } })).toEqual([
      'method: expected GET, POST, PUT, PATCH or DELETE, got "get" (flag --method)',
    ]);
  });
});

describe('loadSettings: auth', () => {
  const authOf = (auth: unknown) => ({ flags: { ...enough, auth: JSON.stringify(auth) } });
  const credentials = { type: 'oauth2_client_credentials', token_url: 'https://h/t', client_id: 'me' };

  it.each([
    { type: 'basic', username: 'me', password: 'hunter2' },
    { type: 'bearer', token: 'hunter2' },
    { type: 'api_key', in: 'query', name: 'key', value: 'hunter2' },
    { ...credentials, client_secret: 'hunter2', scopes: ['a'], client_authentication: 'body', parameters: { a: 'b' } },
  ])('takes $type, with a secret in it', async (auth) => {
    const { settings, secrets } = await load(authOf(auth));
    expect(settings.auth).toEqual(auth);
    expect(secrets).toEqual(['hunter2']);
  });

  it.each([
    ['hunter2', 'auth: expected an object with the type basic, bearer, api_key or oauth2_client_credentials, got text'],
    [{ token: 'hunter2' }, 'auth.type: expected basic, bearer, api_key or oauth2_client_credentials, got nothing'],
    [{ type: 'digest' }, 'auth.type: expected basic, bearer, api_key or oauth2_client_credentials, got text'],
    [{ type: 'bearer' }, 'auth.token: expected a text, got nothing'],
    [{ type: 'bearer', token: '' }, 'auth.token: expected a text, got an empty text'],
    [{ type: 'bearer', token: 'hunter2 x' }, 'auth.token: expected a token without blanks, got text'],
    [
      { type: 'bearer', token: 'a', tokn: 'hunter2' },
      'auth: expected an object without tokn (did you mean token?), got an object',
    ],
    [{ type: 'basic', username: 'a:b', password: 'x' }, /^auth.username: expected a name without a colon/],
    [{ type: 'api_key', in: 'body', name: 'k', value: 'v' }, 'auth.in: expected header or query, got text'],
    [{ type: 'api_key', in: 'header', name: 'Host: x', value: 'v' }, /^auth.name: expected a header name without/],
    [
      { ...credentials, token_url: 'https://me:hunter2@h/', client_secret: 'x' },
      /^auth.token_url: expected a URL that/,
    ],
  ])('says of %j what is wrong in it, and shows nothing', async (auth, expected) => {
    const problems = await problemsOf(authOf(auth));
    const [problem = ''] = problems;
    if (typeof expected === 'string') expect(problem).toBe(`${expected} (flag --auth)`);
    else expect(problem).toMatch(expected);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses a header that it sets itself', async () => {
    const { flags } = authOf({ type: 'bearer', token: 'hunter2' });
    expect(await problemsOf({ flags: { ...flags, headers: 'Authorization: x' } })).toEqual([
      'headers: expected no Authorization, since auth sets it',
    ]);
    const key = authOf({ type: 'api_key', in: 'header', name: 'x-key', value: 'hunter2' });
    expect(await problemsOf({ flags: { ...key.flags, headers: 'X-Key: x' } })).toEqual([
      'headers: expected no X-Key, since auth sets it',
    ]);
  });
});

describe('loadSettings: what a command has no use for', () => {
  const unneeded = new Set(['url', 'headers', 'ping_url'] as const);
  const scheduled = {
    source_file: 'list.csv',
    url: reference('ENDPOINT'),
    headers: { authorization: `Bearer ${reference('NO_SUCH')}` },
    ping_url: reference('PING'),
  };

  it('is as if it were not there, where a variable or a file of its value is not there', async () => {
    await writeConfig({ ...scheduled, headers: { 'x-key': reference('file:/no/such/secret') } });
    const { settings, secrets } = await load({ unneeded });
    expect(settings).toMatchObject({ source_file: join(folder, 'list.csv'), headers: {}, ping_url: null });
    expect(settings.url).toBe('https://unknown.invalid/{0}');
    expect(secrets).toEqual([]);
  });

  it('is taken, and masked, where it is there', async () => {
    await writeConfig(scheduled);
    const env = { ENDPOINT: URL_TEMPLATE, NO_SUCH: 'hunter2', PING: 'http://ping.example/a-secret' };
    const { settings, secrets } = await load({ unneeded, env });
    expect(settings).toMatchObject({ url: URL_TEMPLATE, headers: { authorization: 'Bearer hunter2' } });
    expect(secrets).toContain('hunter2');
  });

  it('does not stand for anything else: other variables are needed, and wrong values are wrong', async () => {
    const file = await writeConfig({ ...scheduled, output_directory: reference('PLACE'), ping_url: 'ftp://x' });
    const problems = await problemsOf({ unneeded });
    expect(problems).toContain(`output_directory: the environment variable PLACE is not set (file ${file})`);
    expect(problems).toHaveLength(2);
    expect(problems[1]).toMatch(/^ping_url: expected/);
  });
});
