/** What is open until it is closed: a list, a file of a run. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Calls `use`; where that fails, closes what was opened for it, also what it has added to `opened` itself, and throws its
 * error. A file that is left open is closed by the garbage collector, and that ends the process: ERR_INVALID_STATE, since
 * Node 25 (DEP0137).
 */
export async function closingOnError<T>(opened: readonly Closable[], use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/** Closes what nobody will use; that it fails tells nothing more. */
export async function closeAll(opened: readonly Closable[]): Promise<void> {
  for (const each of opened) await each.close().catch(() => {});
}
