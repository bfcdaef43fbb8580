/** A level that broke, and the lower one from which it grows back. */
export interface CubicCurve {
  /** Where it broke, or may be expected to. */
  peak: number;
  /** Where it begins again, at most the peak. */
  start: number;
  sinceMs: number;
  /** The time in which it would double once it is past the peak: the smaller, the bolder. */
  growthMs: number;
}

/**
 * The level of a curve at a time: quickly up towards where it broke, long just below and about there, then bolder
 * (CUBIC, RFC 9438, section 4.2, with its constant chosen so that the curve has the same shape at every level).
 */
export function cubicLevel({ peak, start, sinceMs, growthMs }: CubicCurve, nowMs: number): number {
  const plateauMs = growthMs * Math.cbrt(Math.max(0, 1 - start / peak));
  return peak * (1 + ((nowMs - sinceMs - plateauMs) / growthMs) ** 3);
}
