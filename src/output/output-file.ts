import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../errors.ts';
import { closingOnError } from './closing-on-error.ts';

/** Only the owner may read what customers' answers hold, whatever the umask is. */
const MODE = 0o600;

/** One file that only grows; it belongs to the single writer. Every error is an OutputError that names the path. */
export class OutputFile {
  readonly path: string;
  readonly #handle: FileHandle;
  /** False for a device such as /dev/stderr, which is written without a position. */
  readonly #hasPosition: boolean;
  #bytesWritten: number;
  #isAppending = false;
  #isSynced = true;
  #syncError: OutputError | undefined;

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

  /** Opens a file that is there and cuts it to `length` bytes, to go on from there. */
  static async reopen(path: string, length: number): Promise<OutputFile> {
    try {
      const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
      return await closingOnError([handle], async () => {
        await handle.truncate(length);
        await handle.datasync();
        return new OutputFile(path, handle, length, true);
      });
    } catch (error) {
      throw new OutputError(path, error);
    }
  }

  /** Opens a device or pipe that is there, to write to it as it stands. */
  static async openDevice(path: string): Promise<OutputFile> {
    try {
      // Opening a pipe that nobody reads would never end; with this it fails (ENXIO, fifo(7)).
      const probe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
      const handle = await open(path, constants.O_WRONLY).finally(() => probe.close());
      return new OutputFile(path, handle, 0, false);
    } catch (error) {
      throw new OutputError(path, error);
    }
  }

  /** How long the file is: everything appended so far, whether synced or not. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /**
   * Appends all of it. A short write is a success: the rest is written by the next. Throws where another append is under
   * way: both would be written to the same place.
   */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#isAppending) throw new Error(`${this.path} has two writers`);
    this.#isAppending = true;
    let done = 0;
    this.#isSynced = this.#isSynced && bytes.length === 0;
    try {
      while (done < bytes.length) {
        const position = this.#hasPosition ? this.#bytesWritten : null;
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position);
        done += bytesWritten;
        this.#bytesWritten += bytesWritten;
      }
    } catch (error) {
      throw new OutputError(this.path, error);
    } finally {
      this.#isAppending = false;
    }
  }

  /**
   * Resolves when everything appended so far is on the disk, where it is looked for. A sync that failed is not tried
   * again: the kernel may have dropped the pages, and would then report success for what is lost (LWN 752063,
   * "PostgreSQL's fsync() surprise").
   */
  async sync(): Promise<void> {
    if (this.#syncError !== undefined) throw this.#syncError;
    if (this.#isSynced) return;
    try {
      await this.#handle.datasync();
      await this.#expectThere();
      this.#isSynced = true;
    } catch (error) {
      this.#syncError = new OutputError(this.path, error);
      throw this.#syncError;
    }
  }

  /** What was moved or removed can be written to as long as it is open, and nobody would find it. */
  async #expectThere(): Promise<void> {
    try {
      await stat(this.path);
    } catch (error) {
      // That it cannot be looked for now, as on a network disk, does not say that it is gone.
      if (Object(error).code === 'ENOENT') throw new Error('it was moved or removed while the run was on');
    }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch((error: unknown) => {
      throw new OutputError(this.path, error);
    });
  }
}

/** Makes a created or renamed name durable: resolves when the directory that holds `path` is on the disk. */
export async function syncDirectoryOf(path: string): Promise<void> {
  const directory = dirname(path);
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY).catch((error: unknown) => {
    throw new OutputError(directory, error);
  });
  try {
    await handle.sync();
  } catch (error) {
    throw new OutputError(directory, error);
  } finally {
    await handle.close();
  }
}
