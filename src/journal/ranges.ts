/** Positions as text, in rising order, runs folded: `0-99 105 107-108`. Takes them in any order, each once. */
export function rangesOf(positions: readonly number[]): string {
  const sorted = Float64Array.from(positions).sort();
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    const first = sorted[i] ?? 0;
    let last = first;
    while (sorted[i + 1] === last + 1) {
      last += 1;
      i += 1;
    }
    ranges.push(first === last ? String(first) : `${first}-${last}`);
    i += 1;
  }
  return ranges.join(' ');
}

/** Calls `take` with each position of such a text; throws where it is not one. */
export function eachInRanges(text: string, take: (position: number) => void): void {
  if (text === '') return;
  for (const range of text.split(' ')) {
    const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(range);
    if (match === null) throw new RangeError(`"${range}" is not a range of positions`);
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) throw new RangeError(`"${range}" runs backwards`);
    for (let position = first; position <= last; position += 1) take(position);
  }
}
