import { expect, it, vi } from 'vitest';
import { Companions } from './companions.ts';

it('a run goes on though its companions cannot begin, and that is told', async () => {
  const warn = vi.fn();
  const paths = {
    get exceptions(): string {
      throw new Error('no more files can be opened');
    },
  };
  const parts = { settings: { status_address: '0', metrics_textfile: null }, paths, surroundings: { warn } };
  // @ts-expect-error: what else a run is made of is not looked at.
  await new Companions(parts).start();
  expect(warn).toHaveBeenCalledWith(
    expect.stringContaining('nobody can follow this run: Error: no more files can be opened'),
  );
});
