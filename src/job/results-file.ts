import type { Settings } from '../config/schema.ts';
import type { CheckpointPace, Journal } from '../journal/journal.ts';
import { packingOf } from '../output/compression.ts';
import type { OutputFile } from '../output/output-file.ts';
import { PackedFile } from '../output/packed-file.ts';
import type { ResultsFile } from '../output/writer.ts';
import { headOf } from '../records/format.ts';

/** A checkpoint ends a member of packed results: smaller ones than this cost more than a tenth of what packing saves. */
const LEAST_MEMBER_BYTES = 64 * 1024;

/** How often the journal vouches for what is written. */
export function checkpointPaceOf(settings: Settings): CheckpointPace {
  const leastBytes = settings.output_compression === 'none' ? 0 : LEAST_MEMBER_BYTES;
  return { intervalMs: settings.checkpoint_seconds * 1000, leastBytes };
}

/** The results in a file, which go on where it ends; one that is empty begins with the line that names the values. */
export async function resultsFileOf(settings: Settings, file: OutputFile, journal: Journal): Promise<ResultsFile> {
  const packing = packingOf(settings.output_compression);
  const results = packing === undefined ? file : new PackedFile(file, packing);
  const head = Buffer.from(headOf(settings));
  if (file.bytesWritten > 0 || head.length === 0) return results;
  await results.append(head);
  journal.settle([], [], [], head.length);
  return results;
}
