import { styleText } from 'node:util';
import { Pace } from './pace.ts';
import { expectedTotal, type ProgressFacts } from './progress-facts.ts';
import { type Line, type Piece, progressLines, widthOf } from './progress-lines.ts';

/** Shows how far a run is. */
export interface Progress {
  /** Makes room for other text; the progress is drawn again below it. */
  clear(): void;
  /** Takes it away for good. */
  stop(): void;
}

/** For where there is nobody to look at it. */
export const NO_PROGRESS: Progress = { clear: () => {}, stop: () => {} };

/** As much of a terminal as is needed. */
export interface Terminal {
  /** Undefined, or 0, where it does not say. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

const REDRAW_MS = 250;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

// ECMA-48: to the beginning of the line so many above, and what is behind or below the cursor is cleared.
const up = (lines: number): string => (lines > 0 ? `\r\u001b[${lines}A` : '\r');
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** The progress on a terminal, a few lines drawn again in place until it is stopped. `colours` is false where none are wanted. */
export function drawProgress(terminal: Terminal, read: () => ProgressFacts, hasColours: boolean): Progress {
  const pace = new Pace(performance.now(), read().done);
  let drawn: Line[] = [];
  const columns = () => terminal.columns || DEFAULT_COLUMNS;
  /** What was drawn takes more lines than it had where the terminal has become narrower. */
  const rowsDrawn = () => drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
  const clear = () => {
    if (drawn.length === 0) return;
    terminal.write(`${up(rowsDrawn() - 1)}${CLEAR_BELOW}`);
    drawn = [];
  };
  const draw = () => {
    const facts = read();
    pace.update(performance.now(), facts.done, expectedTotal(facts));
    // The last column stays free: some terminals go on to the next line once it is written to.
    const lines = progressLines(facts, pace, columns() - 1).slice(0, (terminal.rows || DEFAULT_ROWS) - 1);
    const texts = lines.map((line) => `${line.map((piece) => coloured(piece, hasColours)).join('')}${CLEAR_LINE}`);
    terminal.write(`${drawn.length === 0 ? '' : up(rowsDrawn() - 1)}${texts.join('\n')}${CLEAR_BELOW}`);
    drawn = lines;
  };
  const redraw = () => {
    clear();
    draw();
  };
  const timer = setInterval(draw, REDRAW_MS);
  terminal.on('resize', redraw);
  return {
    clear,
    stop: () => {
      clearInterval(timer);
      terminal.off('resize', redraw);
      clear();
    },
  };
}

const STYLES = { good: 'green', bad: 'yellow', faint: 'dim' } as const;

const coloured = ({ text, tone }: Piece, hasColours: boolean): string =>
  tone === undefined || !hasColours ? text : styleText(STYLES[tone], text, { validateStream: false });
