import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { linesOf, runAggregate, runFile } from '../testing/aggregate-process.ts';
import { commandHere } from '../testing/command-here.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { OWN_OPTIONS } from './own-options.ts';

const REPOSITORY = new URL('../../', import.meta.url).pathname;

const ONE_CHILD = { AGGREGATE_PROCESS_COUNT: '1' };

async function endpointWith(options?: Parameters<typeof startEndpoint>[0]) {
  const endpoint = await startEndpoint(options);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** A folder with a settings file and a list, as operations would have it. */
async function jobFolder(settings: object, list = 'customer\nC1\n007\n'): Promise<{ folder: string; config: string }> {
  const folder = temporaryFolder();
  const config = join(folder, 'aggregate.config.json');
  writeFileSync(config, JSON.stringify(settings));
  writeFileSync(join(folder, 'list.csv'), list);
  return { folder, config };
}

describe('settings of a real run', () => {
  it('are found in the file, relative to it, from any working directory and an empty environment', async () => {
    const endpoint = await endpointWith();
    const { folder, config } = await jobFolder({ source_file: 'list.csv', url: endpoint.template });
    const { exitCode } = await runAggregate(['run', '--config', config, '--process-count', '1'], { cwd: '/' });
    expect(exitCode).toBe(0);
    expect(linesOf(folder, 'results').sort()).toEqual(['C1', '007'].flatMap((c) => expectedLinesOf(c)).sort());
  });

  it('are all named at once when they are wrong: exit 2, no request, no file', async () => {
    const endpoint = await endpointWith();
    const { folder, config } = await jobFolder({
      source_file: 'list.csv',
      url: endpoint.template,
      procesCount: 4,
      chunk_size: 0,
    });
    const { exitCode, stderr } = await runAggregate(['run', '--config', config, '--max-attempts', 'many']);
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^aggregate: chunk_size: expected a whole number from 1 to 10000, got 0 \(file /),
      expect.stringMatching(
        /^aggregate: max_attempts: expected a whole number from 1 to 100, got "many" \(flag --max-attempts\)/,
      ),
      expect.stringMatching(/^aggregate: procesCount: unknown setting in .*; did you mean process_count\?$/),
    ]);
    expect(endpoint.requests).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['aggregate.config.json', 'list.csv']);
  });

  it('names a flag and a command that it does not know, with the nearest', async () => {
    const { exitCode, stderr } = await commandHere(['run', '--proces-count', '3', '--max-attempts', '0']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--proces-count: unknown flag; did you mean --process-count?');
    expect(stderr).toContain('max_attempts: expected a whole number from 1 to 100');
    expect((await commandHere(['rnu'])).stderr).toContain('did you mean run?');
  });

  it('suggests the flags of a command itself, whichever it is', async () => {
    const required: Readonly<Record<string, string[]>> = { schedule: ['--at', '02:00'], completion: ['bash'] };
    for (const [command, own] of Object.entries(OWN_OPTIONS)) {
      for (const flag of Object.keys(own)) {
        const { exitCode, stderr } = await commandHere([command, ...(required[command] ?? []), `--${flag}x`]);
        expect({ exitCode, stderr }).toEqual({
          exitCode: 2,
          stderr: expect.stringContaining(`did you mean --${flag}?`),
        });
      }
    }
    expect((await commandHere(['demo', '--jsn'])).stderr).not.toContain('did you mean');
  });

  it('gives exit 2 and one sentence for a flag without its value', async () => {
    for (const flag of ['--process-count', '--header', '--config']) {
      const { exitCode, stderr } = await commandHere(['run', flag]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(flag.slice(2));
      expect(stderr).not.toContain('    at ');
    }
  });

  it('gives exit 2 and a sentence for a list that is missing, empty, a folder, or lacks the column; no file is left', async () => {
    const endpoint = await endpointWith();
    const { folder, config } = await jobFolder({ source_file: 'list.csv', url: endpoint.template }, '');
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'names.csv'), 'id,name\nC1,a\n');
    const wrong = [
      [['--source-file', join(folder, 'none.csv')], /none\.csv does not exist/],
      [['--source-file', join(folder, 'sub')], /directory/],
      [[], /list\.csv is empty/],
      [['--source-file', join(folder, 'names.csv'), '--source-column', 'customer_id'], /customer_id.*id.*name/],
    ] as const;
    for (const [flags, sentence] of wrong) {
      const { exitCode, stderr } = await runAggregate(['run', '--config', config, ...flags]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(sentence);
    }
    expect(endpoint.requests).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['aggregate.config.json', 'list.csv', 'names.csv', 'sub']);
  });

  it('S9: keeps planted secrets out of every file, stream and argument list, whatever goes wrong', async () => {
    const secret = 'pl4nted+s3cret/vàlue';
    const endpoint = await endpointWith({ isLogging: true });
    const list = `customer\nC1\nfault-404\nfault-html\nfault-reset\n${secret}\n`;
    const { folder, config } = await jobFolder(
      {
        source_file: 'list.csv',
        url: `${endpoint.template}?key=\${API_KEY}`,
        headers: { 'x-api-key': '${API_KEY}' },
        log_level: 'debug',
        max_attempts: 1,
        process_count: 1,
      },
      list,
    );
    const env = { API_KEY: 'pl4nted-s3cret-value' };
    const run = await runAggregate(['run', '--config', config], { env });
    const check = await commandHere(['check', '--config', config], { env });
    expect(run.exitCode).toBe(1);
    expect(endpoint.log.some(({ headers }) => headers['x-api-key'] === env.API_KEY)).toBe(true);
    const written = readdirSync(folder)
      .filter((name) => name !== 'aggregate.config.json')
      .map((name) => readFileSync(join(folder, name), 'latin1'));
    const all = [...written, run.stdout, run.stderr, check.stdout, check.stderr].join('\n');
    for (const form of [env.API_KEY, encodeURIComponent(env.API_KEY), Buffer.from(env.API_KEY).toString('base64')]) {
      expect(all).not.toContain(form);
    }
    expect(check.stdout).toContain('***');
  });
});

describe('aggregate check', () => {
  it('says that an answer is somebody else’s, and of no list in it: the records are not what is wrong', async () => {
    const endpoint = await endpointWith();
    const { config } = await jobFolder({
      source_file: 'list.csv',
      url: endpoint.template,
      verify_customer: 'owner.id',
    });
    const { exitCode, stdout } = await commandHere(['check', '--config', config]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/\nThis customer would fail: the answer is not this customer's: owner\.id is nothing\n$/);
  });

  it('shows each setting with where it came from, the URL, the status and the lines of one customer', async () => {
    const endpoint = await endpointWith();
    const { folder, config } = await jobFolder({
      source_file: 'list.csv',
      url: endpoint.template,
      headers: { 'x-token': 'abcdefgh' },
    });
    const ended = await runAggregate(['check', '--config', config, '--process-count', '3'], {
      env: { AGGREGATE_MAX_ATTEMPTS: '5' },
    });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/process_count +3 +\(flag --process-count\)/);
    expect(ended.stdout).toMatch(/max_attempts +5 +\(environment AGGREGATE_MAX_ATTEMPTS\)/);
    expect(ended.stdout).toMatch(/chunk_size +100 +\(default\)/);
    expect(ended.stdout).toContain(`GET ${endpoint.url}/rest-service/endpoint/C1`);
    expect(ended.stdout).toContain('200');
    expect(ended.stdout).toMatch(/^ {2}429 +limited {2}\(default\)$/m);
    expect(ended.stdout).toContain('it meets the rule "2xx": ok');
    for (const line of expectedLinesOf('C1')) expect(ended.stdout).toContain(line);
    expect(ended.stdout).not.toContain('abcdefgh');
    expect(endpoint.requests).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['aggregate.config.json', 'list.csv']);
  });

  it('ends with 2 when the customer would fail, and says why', async () => {
    const endpoint = await endpointWith();
    const { config } = await jobFolder({ source_file: 'list.csv', url: endpoint.template }, 'customer\nfault-html\n');
    const { exitCode, stdout } = await commandHere(['check', '--config', config]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/HTML/);
  });

  it('shows the first of several pages, and where the next one is', async () => {
    const endpoint = await endpointWith();
    const url = `${endpoint.template}?pages=cursor:3`;
    const pagination = { type: 'cursor', path: 'cursor', parameter: 'cursor' };
    const { config } = await jobFolder({ source_file: 'list.csv', url, pagination });
    const { exitCode, stdout } = await commandHere(['check', '--config', config]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Results: 2 lines would be written for customer C1');
    expect(stdout).toMatch(/^Pages: another one would be asked for: http:.*\?pages=cursor:3&cursor=after%201$/m);
  });

  it('ends with 2 when nothing listens', async () => {
    const { config } = await jobFolder({ source_file: 'list.csv', url: 'http://127.0.0.1:9/{0}' });
    const { exitCode, stdout } = await commandHere(['check', '--config', config]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('ECONNREFUSED');
  });
});

describe('aggregate demo', () => {
  it('writes a list of its own, runs against an endpoint of its own, and leaves no process behind', async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr } = await runAggregate(['demo', '--customers', '300', '--latency-ms', '0'], {
      cwd: folder,
      env: ONE_CHILD,
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('300 customers');
    expect(stderr).toContain('results-');
    const port = /127\.0\.0\.1:(\d+)/.exec(stderr)?.[1];
    await expect(fetch(`http://127.0.0.1:${port}/total`)).rejects.toThrow();
    expect(linesOf(join(folder, 'aggregate-demo'), 'results').length).toBeGreaterThan(300);
  });

  it('shows with --faults what a failed file is, and ends with 1', async () => {
    const folder = temporaryFolder();
    const { exitCode } = await runAggregate(['demo', '--customers', '400', '--latency-ms', '0', '--faults'], {
      cwd: folder,
      env: ONE_CHILD,
    });
    expect(exitCode).toBe(1);
    expect(runFile(join(folder, 'aggregate-demo'), 'failed')).toBeDefined();
  });

  it('runs with the settings file of this repository, which is a good example', async () => {
    const out = join(temporaryFolder(), 'out');
    mkdirSync(out);
    const ended = await runAggregate(['demo', '--config', join(REPOSITORY, 'aggregate.config.json')], {
      env: { AGGREGATE_OUTPUT_DIRECTORY: out },
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('1,200 customers');
  });
});

const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && /^v(1|20)/.test(versionOf(path)),
);
function versionOf(path: string): string {
  return execFileSync(path, ['--version'], { encoding: 'utf8' });
}

describe('bin/aggregate.js', () => {
  it.skipIf(oldNode === undefined)('says in one sentence that a Node is too old, and ends with 2', () => {
    const bin = join(REPOSITORY, 'bin/aggregate.js');
    let status: unknown;
    try {
      execFileSync(oldNode ?? '', [bin, '--version'], { stdio: 'pipe', encoding: 'utf8' });
    } catch (error) {
      status = error;
    }
    expect(status).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^aggregate needs Node 22\.19 or later[^\n]*\n$/),
    });
  });

  it('ends with 70 where the program is not there: 1 is a run that is complete', () => {
    const folder = temporaryFolder();
    cpSync(join(REPOSITORY, 'bin'), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/aggregate.js'), 'runs'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 70,
      stderr: expect.stringMatching(/^aggregate: it cannot be loaded; .*\n/),
    });
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    expect(await runAggregate(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });
});
