import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILURE_KINDS } from '../channel/protocol.ts';

it('the lines of all kinds of failure differ by more than their colour', () => {
  const page = readFileSync(new URL('page/page.js', import.meta.url), 'utf8');
  const dashes: unknown[] = JSON.parse(/const DASHES = (.*);/.exec(page)?.[1] ?? '');
  expect(new Set(dashes.map((dash) => JSON.stringify(dash))).size).toBe(dashes.length);
  expect(dashes.length).toBeGreaterThanOrEqual(FAILURE_KINDS.length);
});
