const PARTS = /^(?:(\d{1,6}) ?d)?(?: ?(\d{1,6}) ?h)?(?: ?(\d{1,6}) ?min)?(?: ?(\d{1,6}) ?s)?$/;
const PART_MS = [86_400_000, 3_600_000, 60_000, 1000];
/** A timer of Node cannot wait for longer than 24.8 days. */
const MAX_MS = 24 * 86_400_000;

/** Milliseconds of a duration such as `6h`, `90min`, `1h 30min` or `45s`; undefined for what is none, and for none at all. */
export function durationMs(text: string): number | undefined {
  const [, ...parts] = PARTS.exec(text) ?? [];
  const ms = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (PART_MS[i] ?? 0), 0);
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}
