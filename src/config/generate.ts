import { readFile, writeFile } from 'node:fs/promises';
import { settingsJsonSchema } from './json-schema.ts';
import { withSettingsTable } from './settings-table.ts';

// Writes what is made from the settings' schema: the JSON Schema for editors, and the README's table.
const topLevel = new URL('../../', import.meta.url);
const readme = new URL('README.md', topLevel);
await writeFile(new URL('aggregate.schema.json', topLevel), `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
await writeFile(readme, withSettingsTable(await readFile(readme, 'utf8')));
