import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { OutputError } from '../errors.ts';

/** Only the owner may read what customers' answers hold, whatever the umask is. */
const MODE = 0o600;

/** One file that only grows; it belongs to the single writer. Every error is an OutputError that names the path. */
export class OutputFile {
  readonly path: string;
  readonly #handle: FileHandle;
  /** False for a device such as /dev/stderr, which is written without a position. */
  readonly #hasPosition: boolean;
  #bytesWritten: number;

  private constructor(path: string, handle: FileHandle, bytesWritten: number, hasPosition: boolean) {
    this.path = path;
    this.#handle = handle;
    this.#bytesWritten = bytesWritten;
    this.#hasPosition = hasPosition;
  }

  /** Creates a new file; anything that stands there already, a link too, is an error with `cause.code` EEXIST. */
  static async create(path: string): Promise<OutputFile> {
    const handle = await open(path, 'wx', MODE).catch((error: unknown) => {
      throw new OutputError(path, error);
    });
    return new OutputFile(path, handle, 0, true);
  }

  /** Opens a device or pipe that is there, to write to it as it stands. */
  static async openDevice(path: string): Promise<OutputFile> {
    const handle = await open(path, constants.O_WRONLY).catch((error: unknown) => {
      throw new OutputError(path, error);
    });
    return new OutputFile(path, handle, 0, false);
  }

  /** How long the file is: everything appended so far, whether synced or not. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Appends all of it. A short write is a success: the rest is written by the next. */
  async append(bytes: Uint8Array): Promise<void> {
    let done = 0;
    try {
      while (done < bytes.length) {
        const position = this.#hasPosition ? this.#bytesWritten : null;
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position);
        done += bytesWritten;
        this.#bytesWritten += bytesWritten;
      }
    } catch (error) {
      throw new OutputError(this.path, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch((error: unknown) => {
      throw new OutputError(this.path, error);
    });
  }
}
