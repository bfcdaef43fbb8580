import { OutputFile } from './output-file.ts';

/** A file that is created, exclusively and with its head, when the first bytes for it come: no failures, no file. */
export class LateFile {
  readonly path: string;
  readonly #head: Uint8Array;
  #file: OutputFile | undefined;

  constructor(path: string, head: Uint8Array = new Uint8Array()) {
    this.path = path;
    this.#head = head;
  }

  /** Whether anything was written, and so whether the file is there. */
  get exists(): boolean {
    return this.#file !== undefined;
  }

  get bytesWritten(): number {
    return this.#file?.bytesWritten ?? 0;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#file === undefined) {
      this.#file = await OutputFile.create(this.path);
      await this.#file.append(this.#head);
    }
    await this.#file.append(bytes);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
