import { parsePlaceholders } from '../config/placeholder-text.ts';

/** A value as it stands in its place, or why it cannot stand there, as a phrase that follows "the customer". */
export type Encoded = { text: string } | { flaw: string };
export type Encoder = (value: string) => Encoded;

/** The placeholders of a request other than `0` (the customer), each once, in order of first use. */
export class Placeholders {
  readonly names: string[];

  constructor(names: readonly string[]) {
    this.names = [...names];
  }

  /** Where its value stands in `[customer, one value per placeholder]`. */
  indexOf(name: string): number {
    if (name === '0') return 0;
    if (!this.names.includes(name)) this.names.push(name);
    return this.names.indexOf(name) + 1;
  }

  /** What messages call it. */
  nameAt(index: number): string {
    return index === 0 ? 'the customer' : (this.names[index - 1] ?? '');
  }
}

/** Literal text and the values between it. */
export class ValueTemplate {
  readonly #placeholders: Placeholders;
  readonly #literals: string[] = [''];
  readonly #slots: { index: number; encode: Encoder }[] = [];

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  get hasPlaceholders(): boolean {
    return this.#slots.length > 0;
  }

  addLiteral(text: string): this {
    this.#literals.push((this.#literals.pop() ?? '') + text);
    return this;
  }

  addPlaceholder(name: string, encode: Encoder): this {
    this.#slots.push({ index: this.#placeholders.indexOf(name), encode });
    this.#literals.push('');
    return this;
  }

  /** A text of the settings, its placeholders encoded in one way and its other text in another. */
  addText(text: string, encode: Encoder, encodeLiteral: (literal: string) => string = (literal) => literal): this {
    const { literals, names } = parsePlaceholders(text);
    this.addLiteral(encodeLiteral(literals[0] ?? ''));
    for (const [at, name] of names.entries()) {
      this.addPlaceholder(name, encode).addLiteral(encodeLiteral(literals[at + 1] ?? ''));
    }
    return this;
  }

  /** The text for `[customer, one value per placeholder]`, or why there is none. */
  fill(values: readonly string[]): { text: string } | { problem: string } {
    let text = this.#literals[0] ?? '';
    for (const [at, { index, encode }] of this.#slots.entries()) {
      const encoded = encode(values[index] ?? '');
      if ('flaw' in encoded) return { problem: `${this.#placeholders.nameAt(index)} ${encoded.flaw}` };
      text += encoded.text + (this.#literals[at + 1] ?? '');
    }
    return { text };
  }
}
