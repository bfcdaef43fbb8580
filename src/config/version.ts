import { readFileSync } from 'node:fs';

/** The program's version: from `package.json`, a folder further up from the built program than from the sources. */
export const VERSION = packageVersion();

function packageVersion(): string {
  const path = import.meta.url.endsWith('.js') ? '../../../package.json' : '../../package.json';
  const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}
