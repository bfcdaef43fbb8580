import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasCommand } from '../testing/requirements.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { decompressed, packingOf } from './compression.ts';
import { fileBlocks } from './file-lines.ts';
import { OutputFile } from './output-file.ts';
import { PackedFile } from './packed-file.ts';

async function packedIn(folder: string, compression: 'gzip' | 'zstd', length?: number) {
  const packing = packingOf(compression) ?? expect.unreachable();
  const path = join(folder, `results${packing.suffix}`);
  const file = length === undefined ? await OutputFile.create(path) : await OutputFile.reopen(path, length);
  return { path, packed: new PackedFile(file, packing) };
}

async function unpacked(path: string, compression: 'gzip' | 'zstd'): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of decompressed(fileBlocks(path, statSync(path).size), compression)) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

const PYTHON = 'python3';
const READ_GZIP = 'import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1], "rt").read())';

const line = Buffer.from('1001, 7, 0.93\n');

describe.each(['gzip', 'zstd'] as const)('a file packed with %s', (compression) => {
  it('ends a member at each sync, where it can be cut and gone on with', async () => {
    const folder = temporaryFolder();
    const { path, packed } = await packedIn(folder, compression);
    await packed.append(line);
    expect(packed.bytesWritten).toBe(0);
    await packed.sync();
    const vouchedFor = packed.bytesWritten;
    expect(vouchedFor).toBe(statSync(path).size);
    await packed.append(Buffer.from('lost\n'));
    await packed.sync();
    await packed.sync();
    await packed.append(Buffer.from('never in the file\n'));
    await packed.close();

    const { packed: again } = await packedIn(folder, compression, vouchedFor);
    await again.append(line);
    await again.sync();
    await again.close();
    expect(await unpacked(path, compression)).toBe(`${line}${line}`);
  });

  it('ends a member that is full without a sync, so that memory is bounded', async () => {
    const { path, packed } = await packedIn(temporaryFolder(), compression);
    for (let i = 0; i < 300; i += 1) await packed.append(Buffer.alloc(10_000, line));
    expect(packed.bytesWritten).toBeGreaterThan(0);
    await packed.sync();
    await packed.close();
    expect(await unpacked(path, compression)).toHaveLength(3_000_000);
  });

  it('throws where a member is damaged or cut short', async () => {
    const { path, packed } = await packedIn(temporaryFolder(), compression);
    await packed.append(Buffer.alloc(10_000, line));
    await packed.sync();
    await packed.close();
    const { size } = statSync(path);
    const cut = async () => {
      for await (const _ of decompressed(fileBlocks(path, size - 1), compression));
    };
    await expect(cut()).rejects.toThrow();
  });

  const programs = compression === 'gzip' ? ['zcat', 'gzip -dc', PYTHON] : ['zstd -dc'];
  it.each(programs.filter((program) => hasCommand(program.split(' ')[0] ?? '')))('is read by %s', async (program) => {
    const { path, packed } = await packedIn(temporaryFolder(), compression);
    for (const text of ['one\n', 'two\n', 'three\n']) {
      await packed.append(Buffer.from(text));
      await packed.sync();
    }
    await packed.close();
    const [command = '', ...words] = program === PYTHON ? ['python3', '-c', READ_GZIP] : program.split(' ');
    const { stdout, stderr } = spawnSync(command, [...words, path], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'one\ntwo\nthree\n', stderr: '' });
    expect(readFileSync(path).length).toBe(packed.bytesWritten);
  });
});
