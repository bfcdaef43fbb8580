import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../config/load.ts';
import { PositionSet } from '../journal/position-set.ts';
import { type ExceptionFacts, readExceptionLine } from '../output/exception-line.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { askedOnceOf } from './doubled.ts';

const positions = (...members: number[]): PositionSet => {
  const set = new PositionSet();
  for (const member of members) set.add(member);
  return set;
};

async function* exceptionsOf(...lines: object[]): AsyncGenerator<ExceptionFacts[]> {
  for (const line of lines) {
    yield [readExceptionLine(Buffer.from(`${JSON.stringify(line)}\n`)) ?? expect.unreachable(JSON.stringify(line))];
  }
}

it('knows of what is asked for more than once what became of it before: ok where one row is, else why one failed', async () => {
  const folder = temporaryFolder();
  const list = join(folder, 'list.csv');
  writeFileSync(list, 'customer\nonce\ngone\nmixed\nopen\ngone\nmixed\nopen\nonce too\n');
  const flags = { source_file: list, url: 'http://127.0.0.1:9/{0}', unique_customers: true };
  const { settings } = await loadSettings({ flags, env: {}, cwd: folder, searchFile: false });
  const line = { attempts: 3, elapsed_ms: 9 };
  const facts = await askedOnceOf(settings, list, {
    ok: positions(5),
    failed: positions(0, 1, 2),
    exceptions: () =>
      exceptionsOf(
        { ...line, position: 0, customer: 'once', kind: 'timeout', status: null, message: 'late' },
        { ...line, position: 1, customer: 'gone', kind: 'http_4xx', status: 404, message: 'HTTP 404 Not Found' },
        { ...line, position: 2, customer: 'mixed', kind: 'timeout', status: null, message: 'late' },
      ),
  });
  const failure = { kind: 'http_4xx', status: 404, reason: 'HTTP 404 Not Found', attempts: 0, elapsedMs: 0 };
  expect(facts?.settledBefore).toEqual(
    new Map([
      ['["gone"]', { is: 'failed', failure, time: expect.any(Number) }],
      ['["mixed"]', { is: 'ok' }],
    ]),
  );
});
