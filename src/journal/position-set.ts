/** A set of positions at one bit each: the only thing that grows with the list. */
export class PositionSet {
  #bits = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(position: number): boolean {
    return ((this.#bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  }

  /** False where it was in the set already. */
  add(position: number): boolean {
    if (this.has(position)) return false;
    const byte = position >> 3;
    if (byte >= this.#bits.length) this.#grow(byte + 1);
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (position & 7));
    this.#size += 1;
    return true;
  }

  /** False where it was not in the set. */
  delete(position: number): boolean {
    if (!this.has(position)) return false;
    const byte = position >> 3;
    this.#bits[byte] = (this.#bits[byte] ?? 0) & ~(1 << (position & 7));
    this.#size -= 1;
    return true;
  }

  /** The positions in rising order. */
  *values(): Generator<number> {
    for (const [at, byte] of this.#bits.entries()) {
      for (let bit = 0; byte >> bit !== 0; bit += 1) if (((byte >> bit) & 1) === 1) yield at * 8 + bit;
    }
  }

  #grow(bytes: number): void {
    const bits = new Uint8Array(Math.max(bytes, this.#bits.length * 2));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
