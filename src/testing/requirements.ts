import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { canTrace } from '../torture/strace.ts';

/** Says loudly what is left out here, and why; a run-time that lacks it is no failure, but nobody should overlook it. */
function isThere(has: boolean, what: string, needs: string): boolean {
  if (!has) process.stderr.write(`\nskipped: ${what}: ${needs}\n`);
  return has;
}

/** Whether a file system may be mounted in a name space of one's own (unshare(1)). */
export const hasMounts = (what: string): boolean => {
  const tried = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return isThere(tried.status === 0, what, 'a file system cannot be mounted here (unshare -rm)');
};

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** A browser to look at pages with, as playwright wants it named; undefined where there is none. */
export const chromiumFor = (what: string): string | undefined => {
  isThere(CHROMIUM !== undefined, what, 'there is no Chromium here');
  return CHROMIUM;
};

/** Whether Prometheus' own checker is there. */
export const hasPromtool = (what: string): boolean =>
  isThere(spawnSync('promtool', ['--version']).status === 0, what, 'there is no promtool here');

/** Whether system calls can be made to fail. */
export const hasStrace = (what: string): boolean => isThere(canTrace(), what, 'strace is missing, or may not trace');

/** Whether a program is installed here. */
export const hasCommand = (name: string): boolean =>
  isThere(spawnSync(name, ['--version']).status === 0, `what only ${name} can show`, `${name} is missing`);
