import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { type ChildMessage, type HttpClientName, isChildMessage, type ParentMessage } from '../channel/protocol.ts';
import { Sender } from '../channel/sender.ts';

/** How a child ended. */
export interface Death {
  pid: number | undefined;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines that it wrote to standard error, or why it could not be started. */
  lastWords: string;
  /** It was killed by us, since it was not heard of. */
  wasSilent: boolean;
}

export interface ChildEvents {
  onMessage(message: ChildMessage): void;
  /** After the last message; called once. */
  onClose(death: Death): void;
}

/**
 * A signal that a scheduler or a person sends to the wrong process must not open a debugger's port. And V8 is to collect
 * before it grows: what a child holds is small and what passes through it is not. Left to itself a child with got took
 * 227 MB and a customer 217 µs, with a small young generation and an old one that grows slowly, for which a child sees
 * itself (`growSlowly`), 136 MB and 268 µs; with undici 148 MB and 83 µs, 111 MB and 87 µs (measured, Node 26, two children
 * with 32 requests in flight each, all processes' time).
 */
const CHILD_FLAGS = ['--disable-sigusr1', '--max-semi-space-size=8'];

/** So much of a child's standard error is kept, its end. */
const LAST_WORDS_BYTES = 4096;

/** The fork itself: one child process, its channel, and its last words. */
export class ForkedChild {
  readonly #process: ChildProcess;
  readonly #sender: Sender<ParentMessage>;
  /** When it was forked, in milliseconds since the epoch. */
  readonly forkedAt = Date.now();
  #lastWords = '';
  #isSilent = false;
  #events: ChildEvents | undefined;
  /** What happened before anybody listened. */
  #untold: ((events: ChildEvents) => void)[] = [];

  /** `entry` is the file that the child runs; it loads this client, if one is named, before it is told anything. */
  constructor(entry: URL, client?: HttpClientName) {
    const child = fork(entry, client === undefined ? [] : [client], {
      serialization: 'advanced',
      // What the parent compiled need not be compiled again by each child (undefined where the cache is off).
      env: { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir() },
      // A child's prints must not mix with ours, and its standard input is not the list.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: CHILD_FLAGS,
    });
    this.#process = child;
    this.#sender = new Sender({
      send: (message, callback) => child.connected && child.send(message, callback),
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = lastLines(this.#lastWords + text);
    });
    child.on('message', (message: unknown) => {
      if (isChildMessage(message)) this.#tell((events) => events.onMessage(message));
    });
    this.#watchForEnd();
  }

  /** Tells of all that happens from now on and, soon, of what has happened already. */
  listen(events: ChildEvents): void {
    queueMicrotask(() => {
      this.#events = events;
      for (const happened of this.#untold.splice(0)) happened(events);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** True while the channel has taken less than it was given; then nothing more should be sent. */
  get isCongested(): boolean {
    return this.#sender.isCongested;
  }

  whenClear(): Promise<void> {
    return this.#sender.whenClear();
  }

  send(message: ParentMessage): void {
    this.#sender.send(message);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Ends a child that is not heard of. */
  killSilent(): void {
    this.#isSilent = true;
    this.kill();
  }

  #tell(happened: (events: ChildEvents) => void): void {
    if (this.#events === undefined) this.#untold.push(happened);
    else happened(this.#events);
  }

  /**
   * `close`, not `exit`: it comes when the channel is read to its end, so that no message arrives from a child that is
   * taken for dead (Node counts the channel among the streams that must close first). A child whose channel broke while
   * it lives on is of no use, and would be waited for in vain.
   */
  #watchForEnd(): void {
    const child = this.#process;
    let isClosed = false;
    const close = (exitCode: number | null, signal: NodeJS.Signals | null) => {
      if (isClosed) return;
      isClosed = true;
      child.removeAllListeners('message');
      const lastWords = this.#lastWords.trim();
      const death = { pid: child.pid, exitCode, signal, lastWords, wasSilent: this.#isSilent };
      this.#tell((events) => events.onClose(death));
    };
    child.on('close', close);
    child.on('error', (error) => {
      this.#lastWords += `\n${error.message}`;
      // A child that could not be forked never closes.
      if (child.pid === undefined) close(null, null);
    });
    child.on('disconnect', () => {
      setTimeout(() => child.kill('SIGKILL'), DISCONNECTED_LIMIT_MS).unref();
    });
  }
}

/** The last whole lines of a text: a line cut in its middle could hold a piece of a secret that nobody recognises. */
function lastLines(text: string): string {
  if (text.length <= LAST_WORDS_BYTES) return text;
  const tail = text.slice(-LAST_WORDS_BYTES);
  return tail.slice(tail.indexOf('\n') + 1);
}

/** A child leaves by itself once its channel is closed; this is for one that cannot. */
const DISCONNECTED_LIMIT_MS = 5_000;
