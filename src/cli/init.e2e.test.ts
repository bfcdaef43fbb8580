import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { settingsJsonSchema } from '../config/json-schema.ts';
import { runAggregate } from '../testing/aggregate-process.ts';
import { commandHere } from '../testing/command-here.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

it('init writes a settings file that a run can use, tries it on one customer, and never overwrites', async () => {
  const folder = temporaryFolder();
  const endpoint = await startEndpoint({ isLogging: true });
  onTestFinished(() => endpoint.close());
  writeFileSync(join(folder, 'list.csv'), 'name,id\na,C1\nb,C2\n');
  const flags = ['--source-file', 'list.csv', '--source-column', 'id', '--url', endpoint.template];
  const secret = ['--header', 'authorization: Bearer ${API_TOKEN}', '--requests-per-process', '3'];
  const start = { cwd: folder, env: { API_TOKEN: 's3cret-token' } };
  const made = await runAggregate(['init', ...flags, ...secret], start);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const path = join(folder, 'aggregate.config.json');
  expect(made.stdout).toContain(`Written: ${path}\n`);
  expect(made.stdout).toContain(`aggregate run --config ${path}\n`);
  expect(endpoint.log.map(({ headers }) => headers.authorization)).toEqual(['Bearer s3cret-token']);

  const text = readFileSync(path, 'utf8');
  const { $schema, ...settings } = JSON.parse(text);
  expect(settings).toEqual({
    source_file: 'list.csv',
    source_column: 'id',
    requests_per_process: 3,
    url: endpoint.template,
    headers: { authorization: 'Bearer ${API_TOKEN}' },
  });
  expect(JSON.parse(readFileSync(new URL($schema), 'utf8'))).toEqual(settingsJsonSchema());
  expect(statSync(path).mode & 0o777).toBe(0o600);

  const again = await commandHere(['init', ...flags], start);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is there already') });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('init says what is wrong before it writes, and what to change where the customer does not come', async () => {
  const folder = temporaryFolder();
  const endpoint = await startEndpoint();
  onTestFinished(() => endpoint.close());
  writeFileSync(join(folder, 'list.csv'), 'id\nC1\n');
  const refused = await commandHere(['init', '--source-file', 'list.csv'], { cwd: folder });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('url: required') });
  const flags = ['--source-file', 'list.csv', '--url', endpoint.template, '--records', 'rows'];
  const { exitCode, stdout } = await commandHere(['init', ...flags], { cwd: folder });
  expect(exitCode).toBe(2);
  expect(stdout).toContain('There is a list at "records": "details", with "fields": ["id",');
  expect(stdout).toContain(`try it:  aggregate check --config ${join(folder, 'aggregate.config.json')}`);
});
