import { OutputFile, syncDirectoryOf } from './output-file.ts';

/** A file that is created, exclusively and with its head, when the first bytes for it come: no failures, no file. */
export class LateFile {
  readonly path: string;
  readonly #head: Uint8Array;
  #file: OutputFile | undefined;

  /** `file` is what there is of it already. */
  constructor(path: string, head: Uint8Array, file?: OutputFile) {
    this.path = path;
    this.#head = head;
    this.#file = file;
  }

  get bytesWritten(): number {
    return this.#file?.bytesWritten ?? 0;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#file === undefined) {
      this.#file = await OutputFile.create(this.path);
      await syncDirectoryOf(this.path);
      await this.#file.append(this.#head);
    }
    await this.#file.append(bytes);
  }

  async sync(): Promise<void> {
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
