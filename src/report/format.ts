import { logTimeOf } from '../channel/log-time.ts';

/** `412,907` */
export const count = (value: number): string => value.toLocaleString('en-US');

/** `412`, `4.12`, `0.041`: three digits, or all of them where it is large. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value >= 1000 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** `2026-01-31 23:59:59`, in local time. */
export const timeText = (ms: number): string => logTimeOf(new Date(ms)).replaceAll('/', '-');

/** `1.2 %` */
export const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === 0 || part === whole ? 0 : 1)} %`;
