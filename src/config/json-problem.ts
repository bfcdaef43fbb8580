/** What keeps a text from being JSON, and where: line and column count from 1, the column in UTF-16 units. */
export interface JsonProblem {
  line: number;
  column: number;
  what: string;
}

/** Deeper than any settings file goes; keeps a hostile one from exhausting the stack. */
const MAX_DEPTH = 64;
const BLANKS = /[ \t\n\r]*/y;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/y;

/**
 * The first thing that is wrong with a JSON text (RFC 8259), a doubled member name included; undefined where nothing is.
 * `JSON.parse` itself gives no position for some faults, and quotes the text, which may hold a password.
 */
export function findJsonProblem(text: string): JsonProblem | undefined {
  const scanner = new JsonScanner(text);
  const what = scanner.scan();
  if (what === undefined) return undefined;
  const before = text.slice(0, scanner.at).split(/\r\n|[\r\n]/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what };
}

/** Walks over a text once; each step gives what is wrong at `at`, or nothing. */
class JsonScanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): string | undefined {
    const what = this.#value(0);
    if (what !== undefined) return what;
    return this.#peek() === '' ? undefined : this.#unexpected('nothing after the end of the settings');
  }

  #value(depth: number): string | undefined {
    const next = this.#peek();
    if (depth > MAX_DEPTH) return 'too many brackets inside each other';
    if (next === '"') return this.#string();
    if (next === '{') return this.#members('}', depth);
    if (next === '[') return this.#members(']', depth);
    return this.#take(WORD) === '' ? this.#unexpected('a value') : undefined;
  }

  /** An object or an array, from its opening bracket to its closing one. */
  #members(closing: '}' | ']', depth: number): string | undefined {
    const names = new Set<string>();
    this.at += 1;
    if (this.#peek() === closing) return this.#skip();
    while (true) {
      const what = (closing === '}' ? this.#name(names) : undefined) ?? this.#value(depth + 1);
      if (what !== undefined) return what;
      const next = this.#peek();
      if (next === closing) return this.#skip();
      if (next !== ',') return this.#unexpected(`a comma or the closing ${closing}`);
      const comma = this.at;
      this.at += 1;
      if (this.#peek() === closing) {
        this.at = comma;
        return `a comma before the closing ${closing}, which JSON does not allow`;
      }
    }
  }

  #name(names: Set<string>): string | undefined {
    if (this.#peek() !== '"') return this.#unexpected('a name in double quotes');
    const start = this.at;
    const what = this.#string();
    if (what !== undefined) return what;
    const name = String(JSON.parse(this.#text.slice(start, this.at)));
    if (names.has(name)) {
      this.at = start;
      return 'a name that stands here for the second time';
    }
    names.add(name);
    return this.#peek() === ':' ? this.#skip() : this.#unexpected('a colon after the name');
  }

  #string(): string | undefined {
    const start = this.at;
    this.#take(TEXT);
    const next = this.#text[this.at];
    if (next === '"') return this.#skip();
    if (next === '\\') return 'a lone backslash (write two of them for one)';
    if (next === '\t') return 'a tab in a text (write \\t)';
    this.at = start;
    return 'a text without its closing quote';
  }

  #skip(): undefined {
    this.at += 1;
  }

  /** The next character that is not blank, '' at the end. */
  #peek(): string {
    this.#take(BLANKS);
    return this.#text[this.at] ?? '';
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.at += taken.length;
    return taken;
  }

  #unexpected(expected: string): string {
    const next = this.#text[this.at];
    if (next === undefined) return `the file ends too early: expected ${expected}`;
    if (next === '/' || next === '#') return 'a comment, which JSON does not allow';
    if (next === "'") return `a single quote: expected ${expected} (JSON has double quotes only)`;
    return `expected ${expected}`;
  }
}
