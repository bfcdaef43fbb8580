/** Names of which one begins with the other are near from this length on: `timeout` and `timeout_seconds`. */
const MIN_PREFIX_LENGTH = 4;

/** The candidate that was most likely meant, across case, hyphens and underscores; undefined where none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  return nearest(name, candidates, (given, candidate) => {
    const distance = editDistance(given, candidate);
    const isPrefix = candidate.startsWith(given) || given.startsWith(candidate);
    // A beginning says more than so many edits: after one edit, the shortest rest is the nearest.
    if (isPrefix && Math.min(given.length, candidate.length) >= MIN_PREFIX_LENGTH)
      return Math.min(distance, 1 + distance / 1000);
    return distance <= Math.max(1, Math.floor(given.length / 3)) ? distance : undefined;
  });
}

/** The candidate of which a name can only be a misspelling: at most two edits, and at most one in four characters. */
export function misspelledName(name: string, candidates: readonly string[]): string | undefined {
  return nearest(name, candidates, (given, candidate) => {
    const distance = editDistance(given, candidate);
    return distance <= Math.min(2, Math.floor(candidate.length / 4)) ? distance : undefined;
  });
}

function nearest(
  name: string,
  candidates: readonly string[],
  distanceOf: (given: string, candidate: string) => number | undefined,
): string | undefined {
  const given = bare(name);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceOf(given, bare(candidate));
    if (distance !== undefined && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Long enough for every name of ours; more of a hostile one is not looked at. */
const MAX_COMPARED_LENGTH = 64;

const bare = (name: string): string =>
  name
    .slice(0, MAX_COMPARED_LENGTH)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edited = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1));
      row.push(isSwap ? Math.min(edited, (twoAbove[j - 2] ?? 0) + 1) : edited);
    }
    twoAbove = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
