/** One of those who share: how much it can use, and whether it has anything to use it for. */
export interface Sharer {
  max: number;
  isBusy: boolean;
}

/**
 * Divides requests in flight among children as evenly as they can use them. Where there are fewer than busy children,
 * some get one and the others none; `turn` says who begins, so that in turns everybody gets ahead.
 */
export function sharesOf(total: number, sharers: readonly Sharer[], turn: number): number[] {
  const shares = sharers.map(() => 0);
  const busy = sharers.keys().filter((i) => sharers[i]?.isBusy ?? false);
  // Who has nothing to do yet may be given something at any moment; only where it is scarce the busy ones go first.
  const order = total < sharers.length ? [...rotated([...busy], turn), ...idleOf(sharers)] : [...sharers.keys()];
  let left = Math.floor(total);
  while (left > 0) {
    const open = order.filter((i) => (shares[i] ?? 0) < (sharers[i]?.max ?? 0));
    if (open.length === 0) break;
    const each = Math.max(1, Math.floor(left / open.length));
    for (const i of open) {
      const more = Math.min(each, left, (sharers[i]?.max ?? 0) - (shares[i] ?? 0));
      shares[i] = (shares[i] ?? 0) + more;
      left -= more;
    }
  }
  return shares;
}

const idleOf = (sharers: readonly Sharer[]): number[] => [...sharers.keys()].filter((i) => !sharers[i]?.isBusy);

function rotated<T>(list: readonly T[], turn: number): T[] {
  const at = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
