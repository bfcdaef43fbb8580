/** Where a setting's value came from. */
export type Origin =
  | { from: 'flag'; flag: string }
  | { from: 'environment'; variable: string }
  | { from: 'file'; path: string }
  | { from: 'default' };

/** The origin in words: `flag --url`, `environment AGGREGATE_URL`, `file /etc/x/aggregate.config.json`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.from) {
    case 'flag':
      return `flag ${origin.flag}`;
    case 'environment':
      return `environment ${origin.variable}`;
    case 'file':
      return `file ${origin.path}`;
    case 'default':
      return 'default';
    default:
      return origin satisfies never;
  }
}
