import type { Packing } from './compression.ts';
import type { OutputFile } from './output-file.ts';

/** A member holds so much at most, unless a customer's records alone are more: larger ones pack no better. */
const MEMBER_BYTES = 1024 * 1024;

/**
 * A file of packed members. What is appended is held in memory until its member is full or the file is synced; the file
 * then has whole members only, and may be cut at the end of each. So what counts as written may not be in the file yet:
 * a crash loses nothing by that, since what came after the last checkpoint is cut off and asked for again anyway.
 */
export class PackedFile {
  readonly #file: OutputFile;
  readonly #packing: Packing;
  #member: Uint8Array[] = [];
  #memberBytes = 0;

  constructor(file: OutputFile, packing: Packing) {
    this.#file = file;
    this.#packing = packing;
  }

  /** How long the file is: the members that have ended. */
  get bytesWritten(): number {
    return this.#file.bytesWritten;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#member.push(bytes);
    this.#memberBytes += bytes.length;
    if (this.#memberBytes >= MEMBER_BYTES) await this.#endMember();
  }

  /** Ends the member, if one has begun, and resolves when all is on the disk. */
  async sync(): Promise<void> {
    await this.#endMember();
    await this.#file.sync();
  }

  /** What was not synced is not written any more. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  async #endMember(): Promise<void> {
    if (this.#memberBytes === 0) return;
    const bytes = Buffer.concat(this.#member);
    this.#member = [];
    this.#memberBytes = 0;
    await this.#file.append(await this.#packing.pack(bytes));
  }
}
