import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * `npm run build`: makes `dist/` from the sources. Files that are needed together are put together, libraries included:
 * a run on one customer opened 630 files and spent most of its time with that.
 */
async function main(): Promise<void> {
  const topLevel = fileURLToPath(new URL('../../', import.meta.url));
  const dist = join(topLevel, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const moduleIds = await bundle(topLevel, dist);
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(moduleIds));
  for (const name of ['page.css', 'page.js']) {
    cpSync(join(topLevel, 'src/report/page', name), join(dist, 'src/report/page', name));
  }
}

await main();
