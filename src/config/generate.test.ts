import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { settingsJsonSchema } from './json-schema.ts';
import { isSettingName, SETTING_NAMES } from './schema.ts';
import { settingsTable, withSettingsTable } from './settings-table.ts';

const topLevel = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('what `npm run generate` writes', () => {
  it('stands in aggregate.schema.json as the settings are now', async () => {
    expect(await topLevel('aggregate.schema.json')).toBe(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
  });

  it('stands in docs/settings.md as the settings are now', async () => {
    const page = await topLevel('docs/settings.md');
    expect(page).toBe(withSettingsTable(page));
  });

  it('depends on no machine', () => {
    expect(JSON.stringify(settingsJsonSchema().properties)).not.toMatch(/"process_count":\{[^}]*"default"/);
  });
});

describe('settingsJsonSchema', () => {
  it('describes every setting, lets $schema stand, and nothing else', () => {
    const { properties, additionalProperties } = settingsJsonSchema();
    expect(Object.keys(Object(properties))).toEqual(['$schema', ...SETTING_NAMES]);
    expect(additionalProperties).toBe(false);
    expect(properties).toMatchObject({
      process_count: { type: 'integer', minimum: 1, maximum: 256, description: expect.stringContaining('machine') },
      log_level: { enum: ['error', 'warn', 'info', 'debug'], default: 'info' },
    });
  });

  it('refers to nothing that is not in it: an editor reports no schema, or checks no body', () => {
    const schema = settingsJsonSchema();
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/definitions\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(0);
    expect(Object.keys(Object(schema.definitions))).toEqual(expect.arrayContaining(references));
  });

  it('knows every name in the bundled settings file', async () => {
    const names = Object.keys(JSON.parse(await topLevel('aggregate.config.json')));
    expect(names.filter((name) => name !== '$schema' && !isSettingName(name))).toEqual([]);
  });
});

describe('settingsTable', () => {
  it('has a row for each setting, with four cells', () => {
    const rows = settingsTable().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual(SETTING_NAMES);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
  });

  it('needs both markers, once and in order', () => {
    expect(() => withSettingsTable('# nothing')).toThrow('each once');
    expect(() => withSettingsTable('<!-- settings:end --> <!-- settings:begin -->')).toThrow('each once');
  });
});
