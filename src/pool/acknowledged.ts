/** Messages that are not written: the child is told up to which all are, and they may be written in any order. */
export class Acknowledged {
  #waiting: { sequence: number; isWritten: boolean }[] = [];

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  expect(sequence: number): void {
    this.#waiting.push({ sequence, isWritten: false });
  }

  /** One is written; gives the last up to which all are, where that is another than before. */
  take(sequence: number): number | undefined {
    const found = this.#waiting.find((each) => each.sequence === sequence);
    if (found !== undefined) found.isWritten = true;
    const open = this.#waiting.findIndex(({ isWritten }) => !isWritten);
    const written = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    return written.at(-1)?.sequence;
  }
}
