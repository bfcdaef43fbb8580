import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sayProgress } from './plain-progress.ts';
import type { ProgressFacts } from './progress-facts.ts';
import { drawProgress } from './terminal-progress.ts';

const REDRAW_MS = 250;

const facts = (done: number): ProgressFacts => ({
  done,
  failed: 0,
  failures: {},
  read: 1000,
  list: { bytesRead: 1, totalBytes: 1, isAtEnd: true },
  inFlight: 3,
  bound: undefined,
  children: [{ pid: 7, state: 'working', inFlight: 3 }],
});

/** A terminal as far as we drive one: lines that wrap at its width, a cursor, and the sequences that are used. */
class Screen extends EventEmitter {
  rows = 24;
  columns: number;
  lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    super();
    this.columns = columns;
  }

  write(text: string): void {
    for (const [token] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[\s\S]/g)) this.#take(token);
  }

  #take(token: string): void {
    if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#newLine();
    else if (token === '\u001b[K') this.lines[this.#row] = this.#line.slice(0, this.#column);
    else if (token === '\u001b[J') {
      this.lines[this.#row] = this.#line.slice(0, this.#column);
      this.lines.length = this.#row + 1;
    } else if (token.endsWith('A') && token.startsWith('\u001b')) {
      this.#row -= Number(token.slice(2, -1));
      if (this.#row < 0) throw new Error('the cursor would leave the screen');
    } else if (token.startsWith('\u001b')) throw new Error(`an unknown sequence: ${JSON.stringify(token)}`);
    else this.#put(token);
  }

  #put(char: string): void {
    if (this.#column === this.columns) this.#newLine();
    this.lines[this.#row] =
      `${this.#line.slice(0, this.#column).padEnd(this.#column)}${char}${this.#line.slice(this.#column + 1)}`;
    this.#column += 1;
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.lines[this.#row] ??= '';
  }

  get #line(): string {
    return this.lines[this.#row] ?? '';
  }

  /** As terminals do it: lines that no longer fit take several, and the cursor stays at its text. */
  resize(columns: number): void {
    const pieces = (line: string) => (line === '' ? [''] : (line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []));
    this.lines = this.lines.flatMap(pieces);
    this.columns = columns;
    this.#row = this.lines.length - 1;
    this.#column = this.#line.length;
    this.emit('resize');
  }
}

let done = 0;
const read = () => facts(done);

beforeEach(() => {
  done = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});
const redraw = () => {
  done += 100;
  vi.advanceTimersByTime(REDRAW_MS);
};

it('draws in place: however often, the lines are there once, and nothing is left when it stops', () => {
  const screen = new Screen(80);
  screen.write('$ aggregate run\n');
  const progress = drawProgress(screen, read, false);
  for (let i = 0; i < 5; i += 1) redraw();
  expect(screen.lines).toEqual([
    '$ aggregate run',
    '############............  500 of 1,000 (50 %)',
    '400/s now  400/s overall  3 in flight',
    'children  7: 3',
  ]);
  progress.stop();
  expect(screen.lines).toEqual(['$ aggregate run', '']);
  expect(screen.listenerCount('resize')).toBe(0);
});

it('makes room for a message, which stays above it', () => {
  const screen = new Screen(80);
  const progress = drawProgress(screen, read, false);
  redraw();
  progress.clear();
  screen.write('aggregate: something happened\n');
  redraw();
  expect(screen.lines[0]).toBe('aggregate: something happened');
  expect(screen.lines[1]).toContain('200 of 1,000');
  progress.stop();
});

it('leaves nothing behind when the terminal becomes narrower or wider meanwhile', () => {
  const screen = new Screen(80);
  screen.write('$ aggregate run\n');
  const progress = drawProgress(screen, read, false);
  redraw();
  for (const columns of [40, 20, 120, 33]) {
    screen.resize(columns);
    redraw();
    expect(screen.lines.filter((line) => line.includes('in flight'))).toHaveLength(1);
    expect(screen.lines.every((line) => line.length < Math.max(columns, 16))).toBe(true);
  }
  progress.stop();
  expect(screen.lines).toEqual(['$ aggregate run', '']);
});

it('takes no more lines than the terminal has', () => {
  const screen = new Screen(10);
  screen.rows = 4;
  const progress = drawProgress(screen, read, false);
  redraw();
  expect(screen.lines).toHaveLength(3);
  progress.stop();
});

it('has colours only where they are wanted', () => {
  const written = (hasColours: boolean) => {
    const terminal = { columns: 80, rows: 24, write: vi.fn(), on: vi.fn(), off: vi.fn() };
    const progress = drawProgress(terminal, read, hasColours);
    redraw();
    progress.stop();
    return terminal.write.mock.calls.join('');
  };
  expect(written(true)).toContain('\u001b[32m');
  expect(written(false)).not.toMatch(/\u001b\[\d+m/);
});

it('says a line at each interval where nothing is drawn', () => {
  const lines: string[] = [];
  const progress = sayProgress((line) => lines.push(line), read, 30_000);
  done = 300;
  vi.advanceTimersByTime(30_000);
  done = 600;
  vi.advanceTimersByTime(30_000);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([
    expect.stringMatching(
      /^300 of 1,000 \(30 %\), 10\/s now, 10\/s overall, none failed, 3 in flight, 1 min 10 s left$/,
    ),
    expect.stringContaining('600 of 1,000'),
  ]);
});
