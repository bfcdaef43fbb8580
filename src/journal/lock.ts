import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { OverlapError } from '../errors.ts';

/** Who holds the outputs, for people. */
export interface LockHolder {
  pid: number;
  stamp: string;
  /** ISO 8601, UTC. */
  since: string;
}

export interface Lock {
  /** Says in the notes who holds it now: a run knows its stamp only when it has its files. */
  note(holder: LockHolder): void;
  release(): void;
}

/**
 * Takes the outputs for this process, or throws an OverlapError that says who has them. What decides is a socket of the
 * kernel's abstract namespace (unix(7)), named after each output: it is free the moment its process is gone, whatever
 * ended it, and nobody can be robbed of it. The note beside the results only tells people who it is.
 */
export async function lockOutputs(paths: readonly string[], holder: LockHolder): Promise<Lock> {
  const servers: Server[] = [];
  const notes = paths.map((path) => `${path}.lock`);
  try {
    for (const path of paths) servers.push(await listen(addressOf(path)));
  } catch (error) {
    for (const server of servers) server.close();
    const taken = paths[servers.length] ?? '';
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw overlapAt(taken, error);
    throw error;
  }
  const note = (of: LockHolder) => {
    for (const path of notes) writeNote(path, of);
  };
  note(holder);
  return {
    note,
    release: () => {
      for (const path of notes) rmSync(path, { force: true });
      for (const server of servers) server.close();
    },
  };
}

/** Who holds the outputs, or undefined where nobody does; `holder` is undefined where no note says it. Takes nothing from anybody. */
export async function whoHolds(paths: readonly string[]): Promise<{ holder: LockHolder | undefined } | undefined> {
  for (const path of paths) {
    const address = addressIfThere(path);
    if (address !== undefined && (await isListening(address))) return { holder: readNote(`${path}.lock`) };
  }
  return undefined;
}

/** Whether somebody listens there: a stopped process does, as the kernel takes the connection in its stead. */
function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => settle(true));
    // A full queue of connections (EAGAIN) belongs to somebody, too.
    socket.once('error', (error) => settle('code' in error && error.code === 'EAGAIN'));
  });
}

/** The same file has the same address, by whichever link its folder is reached. */
function addressOf(path: string): string {
  const real = join(realpathSync(dirname(path)), basename(path));
  const name = `aggregate-${createHash('sha256').update(real).digest('hex').slice(0, 40)}`;
  if (process.platform === 'linux') return `\0${name}`;
  // Windows frees a pipe with its process. Elsewhere a socket file is the nearest thing: see the README.
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

/** Undefined where the file's folder is not there: nobody holds what cannot be. */
function addressIfThere(path: string): string | undefined {
  return existsSync(dirname(path)) ? addressOf(path) : undefined;
}

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * The note is no lock: that it cannot be written keeps nobody out, and costs only an explanation. What stands in its place,
 * a note that a killed run left or a link, is replaced and never written through.
 */
function writeNote(path: string, holder: LockHolder): void {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: 'wx' });
  } catch {
    // See above.
  }
}

function overlapAt(path: string, cause: Error): OverlapError {
  const holder = readNote(`${path}.lock`);
  const who = holder === undefined ? '' : ` (run ${holder.stamp}, process ${holder.pid}, since ${holder.since})`;
  return new OverlapError(`another run that writes ${path} is under way${who}; nothing was requested`, { cause });
}

function readNote(path: string): LockHolder | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof note !== 'object' || note === null) return undefined;
    if (!('pid' in note && 'stamp' in note && 'since' in note)) return undefined;
    return { pid: Number(note.pid), stamp: String(note.stamp), since: String(note.since) };
  } catch {
    return undefined; // Deleted or unreadable: the lock holds without it.
  }
}
