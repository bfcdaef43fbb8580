/** How many failures are too many: more than a number of them, or than a share of what is settled (0 to 1). */
export type FailureLimit = { count: number } | { share: number };

const COUNT = /^\d{1,12}$/;
const PERCENT = /^(\d{1,3}(?:\.\d{1,4})?) ?%$/;

/** Reads a number such as `100` or a percentage such as `5%`; undefined for what is neither. */
export function failureLimit(limit: number | string): FailureLimit | undefined {
  const text = String(limit);
  if (COUNT.test(text)) return { count: Number(text) };
  const share = Number(PERCENT.exec(text)?.[1] ?? Number.NaN) / 100;
  return share <= 1 ? { share } : undefined;
}
