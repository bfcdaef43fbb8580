import { existsSync, statSync } from 'node:fs';
import * as z from 'zod';
import { fileLines } from '../output/file-lines.ts';
import { excerpt } from '../records/excerpt.ts';

/** Failures that are alike. */
export interface FailureGroup {
  kind: string;
  status: number | null;
  /** The first one's reason, cut. */
  message: string;
  count: number;
  /** The first customers, cut. */
  customers: string[];
  /** How the first answer begins, where one was kept. */
  answer: string | undefined;
}

const lineSchema = z.object({
  customer: z.string(),
  kind: z.string().max(40),
  status: z.int().nullable(),
  message: z.string(),
  answer: z.string().optional(),
});
type FailureLine = z.infer<typeof lineSchema>;

/** So many groups are told apart; what comes beyond them is counted by its kind alone. */
const MAX_GROUPS = 100;
const MAX_CUSTOMERS = 5;
const CUSTOMER_LENGTH = 60;
const MESSAGE_LENGTH = 200;
const ANSWER_LENGTH = 300;
const NEWLINE = 0x0a;

/** What failures have in common: kind, status and message without what differs from customer to customer. */
export function signatureOf({ kind, status, message, customer }: FailureLine): string {
  const head = message.slice(0, 4 * MESSAGE_LENGTH);
  const nameless = customer === '' ? head : head.replaceAll(customer, '…');
  // What is quoted is a server's, and may hold quotes itself: from the first of them on it says nothing in common.
  const common = nameless.replace(/".*/s, '').replace(/\d+/g, '#');
  return `${kind} ${status} ${excerpt(common, MESSAGE_LENGTH)}`;
}

/** Groups the failures in an exceptions file, however long it is, and can go on where it was when the file has grown. */
export class FailureGroups {
  readonly #path: string;
  readonly #groups = new Map<string, FailureGroup>();
  #bytesRead = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The groups, the largest first. */
  get groups(): FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  /** Takes what the file has more than when it was last read; a line that is not whole waits, one that is not ours is passed over. */
  async readOn(): Promise<void> {
    if (!existsSync(this.#path)) return;
    for await (const lines of fileLines(this.#path, statSync(this.#path).size, this.#bytesRead)) {
      for (const line of lines) {
        if (line.at(-1) !== NEWLINE) return;
        this.#bytesRead += line.length;
        this.#take(line);
      }
    }
  }

  #take(bytes: Buffer): void {
    const line = lineOf(bytes);
    if (line === undefined) return;
    const signature = signatureOf(line);
    const isNew = !this.#groups.has(signature);
    const key = isNew && this.#groups.size >= MAX_GROUPS ? line.kind : signature;
    const group = this.#groups.get(key) ?? emptyGroup(line, key === line.kind);
    this.#groups.set(key, group);
    group.count += 1;
    if (group.customers.length < MAX_CUSTOMERS) group.customers.push(excerpt(line.customer, CUSTOMER_LENGTH));
    if (line.answer !== undefined) group.answer ??= excerpt(line.answer, ANSWER_LENGTH);
  }
}

const emptyGroup = ({ kind, status, message }: FailureLine, isRest: boolean): FailureGroup => ({
  kind,
  status: isRest ? null : status,
  message: isRest ? 'others' : excerpt(message, MESSAGE_LENGTH),
  count: 0,
  customers: [],
  answer: undefined,
});

function lineOf(bytes: Buffer): FailureLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined; // A line that was edited.
  }
}
