import { join, parse } from 'node:path';

const two = (n: number): string => String(n).padStart(2, '0');

/** The stamp of a run: its start in local time, `20260131-235959`. */
export function stampOf(date: Date): string {
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** When a run with this stamp was started, in milliseconds since the epoch; in the hour that comes twice, the first time. */
export function timeOfStamp(stamp: string): number {
  const [year = 0, month = 1, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(stamp)?.slice(1).map(Number) ?? [];
  return new Date(year, month - 1, day, hours, minutes, seconds).getTime();
}

/** A path with the stamp put before its extension, as the original does: `out/log.txt` → `out/log-20260131-235959.txt`. */
export function stampedPath(path: string, stamp: string): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${stamp}${ext}`);
}
