/** What a dead man's switch is told: a run began, ended well, or ended in another way. */
export type PingKind = 'start' | 'success' | 'fail';

/** The URL for a kind, as healthchecks.io has it: `/start` and `/fail` behind the path, before a query; success is the URL itself. */
export function pingUrlFor(url: string, kind: PingKind): string {
  if (kind === 'success') return url;
  const parsed = new URL(url);
  parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/${kind}`;
  return parsed.href;
}
