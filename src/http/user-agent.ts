import { readFileSync } from 'node:fs';

/** What requests say of their sender, unless the settings' headers say something else. */
export const USER_AGENT = `aggregate/${packageVersion()}`;

/** From `package.json`, a folder further up from the built program than from the sources. */
function packageVersion(): string {
  const path = import.meta.url.endsWith('.js') ? '../../../package.json' : '../../package.json';
  const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}
