import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { SourceError } from '../errors.ts';

/** The bytes of a list, a block at a time, each read only when it is asked for. */
export interface BlockReader {
  /** Length of the list in bytes, where it is known beforehand. */
  readonly totalBytes: number | undefined;
  /** The next block, which stays as it is only until the next call; undefined at the end. */
  read(): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

/** Opens the file. Throws a SourceError where it is missing, a directory, or must not be read. */
export const openFileBlocks = async (path: string, blockBytes: number): Promise<BlockReader> => {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw new SourceError(openFailure(path, error), { cause: error });
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new SourceError(`the list ${path} is a directory`);
    return fileBlocks(handle, stat.isFile() ? stat.size : undefined, blockBytes);
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const fileBlocks = (handle: FileHandle, totalBytes: number | undefined, blockBytes: number): BlockReader => {
  const buffer = Buffer.allocUnsafe(blockBytes);
  return {
    totalBytes,
    read: async () => {
      const { bytesRead } = await handle.read(buffer, 0, blockBytes, null);
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    },
    close: async () => {
      // Nothing was written, so no error in closing loses anything.
      const closed = handle.close().catch(() => undefined);
      // The handle closes only after a read under way, which on a named pipe may last as long as its writer pleases.
      if (totalBytes !== undefined) await closed;
    },
  };
};

/** The blocks of a stream, such as standard input. */
export const streamBlocks = (stream: Readable, blockBytes: number): BlockReader => {
  const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return {
    totalBytes: undefined,
    read: async () => {
      while (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done === true) return undefined;
        rest = bufferOf(value);
      }
      const block = rest.subarray(0, blockBytes);
      rest = rest.subarray(block.length);
      return block;
    },
    // Not the iterator's `return()`: that waits for a read under way, and a silent pipe may keep it waiting for ever.
    close: async () => {
      stream.destroy();
    },
  };
};

const bufferOf = (chunk: unknown): Buffer<ArrayBuffer> => {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  throw new TypeError('a list must be a stream of bytes');
};

/** The sentence for a list that cannot be opened. */
export const openFailure = (path: string, error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `the list ${path} does not exist`;
  if (code === 'EACCES' || code === 'EPERM') return `the list ${path} must not be read: permission denied`;
  return `the list ${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
};
