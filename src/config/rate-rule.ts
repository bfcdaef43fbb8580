const RATE = /^(\d{1,9}(?:\.\d{1,6})?) ?\/ ?(s|min|h)$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };
/** One request a day is slow enough, and a million a second quicker than anything. */
const [LOWEST, HIGHEST] = [1 / 86_400, 1e6];

/** Requests a second, of a number of them or of a text such as `400/s`, `1000/min`, `3600/h`; undefined for what is none. */
export function ratePerSecond(rate: number | string): number | undefined {
  const [, count = rate, unit = 's'] = RATE.exec(String(rate)) ?? [];
  const perSecond = Number(count) / (SECONDS[unit] ?? 1);
  return perSecond >= LOWEST && perSecond <= HIGHEST ? perSecond : undefined;
}
