import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runFolder } from '../testing/finished-run.ts';
import { rawAnswer, rawServer } from '../testing/raw-server.ts';

const TELL = `
const { AGGREGATE_RUN_EXIT_CODE: code, AGGREGATE_RUN_OK: ok, AGGREGATE_RUN_RESULTS: results, SECRET: secret } = process.env;
const summary = require('node:fs').readFileSync(0, 'utf8');
require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ code, ok, results, summary: JSON.parse(summary) }));
console.log('told ' + secret);
`;

it('a run tells a switch and a command how it ended; neither can change that, and the URL is in no file and on no stream', async () => {
  const { folder, list, aggregate, here, file } = await runFolder(5);
  const config = join(folder, 'aggregate.config.json');
  const told = join(folder, 'told.json');
  const taken = await rawServer((socket) => socket.write(rawAnswer('OK')));
  const settings = { ping_url: `${taken.origin}/ping-id-0123`, on_finish: [process.execPath, '-e', TELL, told] };
  writeFileSync(config, JSON.stringify(settings));

  const good = await aggregate(['run'], '--config', config);
  expect(good).toMatchObject({ exitCode: 0, stdout: '', stderr: 'aggregate: on_finish: told undefined\n' });
  expect(taken.requests.map((request) => request.split(' ')[1])).toEqual(['/ping-id-0123/start', '/ping-id-0123']);
  const summary = JSON.parse(readFileSync(file('summary'), 'utf8'));
  expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual({ code: '0', ok: '5', results: file('results'), summary });

  rmSync(file('journal'));
  rmSync(list);
  const refusing = await rawServer((socket) => socket.write(rawAnswer('', { status: '404 Not Found' })));
  writeFileSync(config, JSON.stringify({ ...settings, ping_url: `${refusing.origin}/ping-id-0123` }));
  const failing = ['--on-finish', 'cat >&2; exit 9'];
  const bad = await aggregate(['run'], '--config', config, ...failing);
  expect(bad.exitCode).toBe(2);
  expect(refusing.requests.map((request) => request.split(' ')[1])).toEqual(['/ping-id-0123/fail']);
  expect(bad.stderr).toContain('aggregate: the ping (fail) was not taken: HTTP status 404');
  expect(bad.stderr).toContain('aggregate: on_finish:   "exit_reason": "refused"');
  expect(bad.stderr).toContain('aggregate: on_finish ended with exit code 9');
  const checked = await here(['check'], '--config', config);
  expect(bad.stderr + bad.stdout + checked.stdout + checked.stderr).not.toContain('ping-id-0123');
});
