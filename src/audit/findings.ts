/** So many findings of one sort are told; of the others only how many there are. */
const TOLD_PER_SORT = 10;

/** What an audit found wrong, a sentence each, bounded however much is wrong. */
export class Findings {
  readonly #sorts = new Map<string, { told: string[]; count: number }>();

  /** `sort` is a word for findings of one kind. */
  add(sort: string, sentence: string): void {
    const found = this.#sorts.get(sort) ?? { told: [], count: 0 };
    this.#sorts.set(sort, found);
    found.count += 1;
    if (found.told.length < TOLD_PER_SORT) found.told.push(sentence);
  }

  /** How many there are, told or not. */
  get count(): number {
    return [...this.#sorts.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get sentences(): string[] {
    return [...this.#sorts.values()].flatMap(({ told, count }) =>
      count > told.length ? [...told, `and ${count - told.length} more like the last`] : told,
    );
  }
}
