import type { Pace } from './pace.ts';
import { type ChildProgress, expectedTotal, type ProgressFacts } from './progress-facts.ts';
import { count, doneText, kindsText, leftText, rateText } from './progress-words.ts';

/** A piece of a line, and whether it is to catch the eye. */
export interface Piece {
  text: string;
  tone?: 'good' | 'bad' | 'faint';
}
export type Line = readonly Piece[];

const GAP = '  ';
const MAX_BAR = 24;
const MIN_BAR = 8;
/** More children than this, or lines of them than that, are only counted. */
const MAX_CHILDREN = 16;
const MAX_CHILD_LINES = 2;

/** The progress as lines that are no wider than `width`. */
export function progressLines(facts: ProgressFacts, pace: Pace, width: number): Line[] {
  const { failed, inFlight, bound } = facts;
  const left = pace.leftMs === undefined ? [] : [{ text: `${leftText(pace.leftMs)} left` }];
  const rates: Piece[] = [{ text: `${rateText(pace.now)} now` }, { text: `${rateText(pace.overall)} overall` }];
  const lines = [
    ...flow([...bar(facts, width), { text: doneText(facts) }, ...left], width),
    ...flow([...rates, { text: `${count(inFlight)} in flight` }], width),
    ...(bound === undefined ? [] : wrapped({ text: bound }, width)),
    ...(failed === 0 ? [] : wrapped({ text: `${count(failed)} failed: ${kindsText(facts)}`, tone: 'bad' }, width)),
    ...childLines(facts.children, width),
  ];
  return lines;
}

/** As long as there is room for it beside some words. */
function bar(facts: ProgressFacts, width: number): Piece[] {
  const length = Math.min(MAX_BAR, Math.floor(width / 3));
  if (length < MIN_BAR) return [];
  const total = expectedTotal(facts);
  const full = total === undefined || total === 0 ? 0 : Math.floor((length * facts.done) / total);
  return [{ text: `${'#'.repeat(full)}${'.'.repeat(length - full)}`, tone: 'good' }];
}

function childLines(children: readonly ChildProgress[], width: number): Line[] {
  const each = children.map((child): Piece => ({ text: childText(child), tone: 'faint' }));
  const lines = flow([{ text: 'children', tone: 'faint' }, ...each], width);
  if (children.length <= MAX_CHILDREN && lines.length <= MAX_CHILD_LINES) return lines;
  const states = Object.entries(Object.groupBy(children, ({ state }) => state));
  const counted = states.map(
    ([state, some]): Piece => ({ text: `${count(some?.length ?? 0)} ${state}`, tone: 'faint' }),
  );
  return flow([{ text: 'children', tone: 'faint' }, ...counted], width);
}

const childText = ({ pid, state, inFlight }: ChildProgress): string =>
  state === 'working' ? `${pid}: ${inFlight}` : `${pid ?? '?'}: ${state}`;

/** Pieces side by side, as many as fit into a line; one that is wider than a line by itself is cut. */
export function flow(pieces: readonly Piece[], width: number): Line[] {
  const lines: Piece[][] = [];
  let used = 0;
  for (const piece of pieces.map((each) => cut(each, width))) {
    const line = lines.at(-1);
    if (line === undefined || used + GAP.length + piece.text.length > width) {
      lines.push([piece]);
      used = piece.text.length;
    } else {
      line.push({ text: GAP }, piece);
      used += GAP.length + piece.text.length;
    }
  }
  return lines;
}

/** One text over as many lines as it needs, broken between words. */
function wrapped({ text, ...rest }: Piece, width: number): Line[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => [cut({ text: line, ...rest }, width)]);
}

const cut = (piece: Piece, width: number): Piece =>
  piece.text.length <= width ? piece : { ...piece, text: `${piece.text.slice(0, Math.max(0, width - 1))}…` };

/** How many columns a line takes. */
export const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + text.length, 0);
