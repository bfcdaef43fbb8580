/** Whoever reads what a command says reads no more: what it says goes into a scheduler's mail. */
const MAX_LINES = 200;
const MAX_LINE_CHARS = 2000;

/**
 * What a command says, line by line and as it comes, in bounded memory whatever it is: a long line is cut, and lines
 * beyond the first so many are only counted.
 */
export class SaidLines {
  readonly #say: (line: string) => void;
  /** The line that has not ended; never longer than is said of it, but for one character by which it shows to be. */
  #line = '';
  /** Lines that have ended, said or not. */
  #lines = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  push(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#add(text, from, at);
      this.#endLine();
      from = at + 1;
    }
    this.#add(text, from, text.length);
  }

  /** A last line need not end; says how much was not said. */
  end(): void {
    if (this.#line !== '') this.#endLine();
    const unsaid = this.#lines - MAX_LINES;
    if (unsaid > 0) this.#say(`… and ${unsaid.toLocaleString('en-US')} more ${unsaid === 1 ? 'line' : 'lines'}`);
    this.#lines = 0;
  }

  #add(text: string, from: number, to: number): void {
    const room = MAX_LINE_CHARS + 1 - this.#line.length;
    this.#line += text.slice(from, Math.min(to, from + room));
  }

  #endLine(): void {
    this.#lines += 1;
    if (this.#lines <= MAX_LINES) this.#say(shown(this.#line.replace(/\r$/, '')));
    this.#line = '';
  }
}

/** Cut between two words: half of a secret would not be known for one where it is masked. */
const shown = (line: string): string =>
  line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, Math.max(0, line.lastIndexOf(' ', MAX_LINE_CHARS)))} …`;
