import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { expect, it } from 'vitest';
import { linesOf } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';

const ROWS = 400;

it('a run that stops at its time ends with 3; the next start goes on with it, unless the list changed, and the one after that begins anew and removes it', async () => {
  const { folder, list, endpoint, aggregate } = await runFolder(ROWS, { latencyMs: 20 });
  const stopped = await aggregate(['run'], '--requests-per-process', '2', '--max-duration', '1s');
  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toMatch(
    /^aggregate: stopped after 1s, as max_duration says: \d+ customers in the results, 0 failed, .*\n(?: .*\n)*? {2}go on: {2}aggregate resume \d{8}-\d{6} /,
  );
  expect(endpoint.requests).toBeLessThan(ROWS);
  expect(linesOf(folder, 'log')).toContainEqual(
    expect.stringMatching(/ - stopped after 1s, as max_duration says: no more requests, those in flight may finish$/),
  );

  const bytes = statSync(list).size;
  appendFileSync(list, '9999999\n');
  const refused = await aggregate(['run', '--resume-or-start']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(
    /cannot go on: the list .* changed .*\n.*start a new one: {2}aggregate run --source-file /,
  );
  truncateSync(list, bytes);

  const resumed = await aggregate(['run', '--resume-or-start', '--verbose']);
  expect(resumed).toMatchObject({ exitCode: 0, stdout: '' });
  expect(resumed.stderr).toMatch(/^aggregate: going on with run \d{8}-\d{6}\n(?:.*\n)*aggregate: 400 customers in /);
  expect(linesOf(folder, 'log')).toContainEqual(expect.stringMatching(/\[Run resumed\] \d+ settled before$/));
  expect(endpoint.counts().size).toBe(ROWS);
  expect(new Set(endpoint.counts().values())).toEqual(new Set([1]));

  const anew = await aggregate(['run', '--resume-or-start'], '--keep-runs', '1', '--log-format', 'json');
  expect(anew).toMatchObject({ exitCode: 0, stderr: '' });
  expect(new Set(endpoint.counts().values())).toEqual(new Set([2]));
  expect(readdirSync(folder).filter((name) => name.endsWith('.txt'))).toHaveLength(2);
  const entries = linesOf(folder, 'log').map((line) => JSON.parse(line));
  expect(entries[0]).toMatchObject({ level: 'info', message: '[Run started]' });
  expect(entries).toHaveLength(2 * ROWS + 3);
});

it('a run whose list is a pipe that nobody writes to stops at its time with 3, and leaves nothing behind', async () => {
  const { folder, list, aggregate } = await runFolder(0);
  rmSync(list);
  execFileSync('mkfifo', [list]);
  const before = readdirSync(folder);
  const { exitCode, signal, stderr } = await aggregate(['run'], '--max-duration', '1s');
  expect({ exitCode, signal, stderr }).toEqual({
    exitCode: 3,
    signal: null,
    stderr: 'aggregate: stopped after 1s, as max_duration says\n',
  });
  expect(readdirSync(folder)).toEqual(before);
});
