import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';

const LAST_SUCCESS = /^aggregate_last_success_timestamp_seconds (\d+(?:\.\d+)?(?:e\+?\d+)?)$/m;

/**
 * When the runs that wrote this file before last came to a good end, in milliseconds since the epoch: a run that fails
 * must not make anyone forget it, since alerts go by its age.
 */
export function lastSuccessIn(path: string): number | undefined {
  try {
    const seconds = LAST_SUCCESS.exec(readFileSync(path, 'utf8'))?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  } catch {
    return undefined; // There is none yet.
  }
}

/**
 * Puts a text in the place of the file, whole or not at all, for anybody to read: the collector is another user. The new
 * one stands beside it under a name that the collector passes over (it reads `*.prom`) until it is complete.
 */
export async function replaceMetricsFile(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}.new`;
  try {
    await rm(next, { force: true });
    await writeFile(next, text, { flag: 'wx', mode: 0o644 });
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true }).catch(() => {}); // The first error is the one to tell.
    throw error;
  }
}
