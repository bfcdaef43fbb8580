import { readFile, writeFile } from 'node:fs/promises';
import { settingsJsonSchema } from './json-schema.ts';
import { withSettingsTable } from './settings-table.ts';

// Writes what is made from the settings' schema: the JSON Schema for editors, and the table in docs/settings.md.
const topLevel = new URL('../../', import.meta.url);
const settingsPage = new URL('docs/settings.md', topLevel);
await writeFile(new URL('aggregate.schema.json', topLevel), `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
await writeFile(settingsPage, withSettingsTable(await readFile(settingsPage, 'utf8')));
