/** A stretch of text on a terminal in one colour. */
export interface Span {
  text: string;
  /** The number of the sequence that set it (ECMA-48, SGR), 0 for none. */
  style: number;
}

/** What `drawProgress` ends each drawing with. */
const END_OF_FRAME = '\u001b[J';
/** A sequence that sets a style, or another one. */
const SEQUENCE = /\u001b\[(\d*)([A-Za-z])/g;

/** The drawings in what a terminal was sent, in order, and what came after the last of them: lines of spans. */
export function framesIn(sent: string): { frames: Span[][][]; rest: Span[][] } {
  const parts = sent.replaceAll('\r\n', '\n').split(END_OF_FRAME);
  const rest = linesOf(parts.pop() ?? '');
  return { frames: parts.map(linesOf), rest };
}

function linesOf(text: string): Span[][] {
  return text.replaceAll('\r', '').split('\n').map(spansOf);
}

function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let style = 0;
  let from = 0;
  const take = (to: number) => {
    if (to > from) spans.push({ text: line.slice(from, to), style });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    take(match.index);
    from = match.index + match[0].length;
    const [, code = '', command] = match;
    if (command === 'm') style = STYLES.has(Number(code)) ? Number(code) : 0;
  }
  take(line.length);
  return spans;
}

/** Dim, green, yellow: those that are used. */
export const STYLES: ReadonlyMap<number, string> = new Map([
  [2, '#93a1b3'],
  [32, '#7fd494'],
  [33, '#f2c94c'],
]);
