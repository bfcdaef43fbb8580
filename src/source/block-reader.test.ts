import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlockReader, openFailure, openFileBlocks, streamBlocks } from './block-reader.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blocks-'));
});
afterAll(() => rm(directory, { recursive: true }));

const readAll = async (blocks: BlockReader): Promise<string[]> => {
  const texts: string[] = [];
  for (let block = await blocks.read(); block !== undefined; block = await blocks.read()) texts.push(block.toString());
  return texts;
};

describe('openFileBlocks', () => {
  it('reads a file in blocks and knows its length', async () => {
    const path = join(directory, 'list.csv');
    await writeFile(path, 'abcdefgh');
    const blocks = await openFileBlocks(path, 3);
    expect(blocks.totalBytes).toBe(8);
    expect(await readAll(blocks)).toEqual(['abc', 'def', 'gh']);
    await blocks.close();
  });

  it('knows no length of what is not a regular file', async () => {
    const blocks = await openFileBlocks('/dev/null', 3);
    expect(blocks.totalBytes).toBeUndefined();
    expect(await blocks.read()).toBeUndefined();
    await blocks.close();
  });

  it.each([
    ['ENOENT', 'the list x does not exist'],
    ['EACCES', 'the list x must not be read: permission denied'],
    ['EMFILE', 'the list x cannot be opened: EMFILE'],
  ])('has a sentence for %s', (code, sentence) => {
    expect(openFailure('x', Object.assign(new Error(code), { code }))).toBe(sentence);
  });
});

describe('streamBlocks', () => {
  it('gives what came, in blocks that are not too large', async () => {
    expect(
      await readAll(streamBlocks(Readable.from([Buffer.from('abcdefg'), Buffer.alloc(0), Buffer.from('h')]), 3)),
    ).toEqual(['abc', 'def', 'g', 'h']);
    expect(await readAll(streamBlocks(Readable.from(['é', 'b']), 3))).toEqual(['é', 'b']);
  });

  it('refuses a stream of something else', async () => {
    await expect(streamBlocks(Readable.from([1]), 3).read()).rejects.toThrow('bytes');
  });

  it('closes while a read waits for a silent pipe', async () => {
    const pipe = new PassThrough();
    const blocks = streamBlocks(pipe, 3);
    const read = expect(blocks.read()).rejects.toThrow();
    await blocks.close();
    await read;
    expect(pipe.destroyed).toBe(true);
  });
});
