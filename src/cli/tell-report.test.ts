import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OutputError } from '../errors.ts';
import { runPathsOf } from '../output/claim-files.ts';
import { emptyTally } from '../output/tally.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { tellReport } from './tell-report.ts';

it('says that files have to be put back before a run goes on, for whichever it would be refused without', () => {
  const folder = temporaryFolder();
  const pathOf = (name: string) => join(folder, name);
  const outputs = { results: pathOf('results.txt'), failed: pathOf('failed.txt'), log: pathOf('log.txt') };
  const paths = runPathsOf({ ...outputs, directory: folder, resultsSuffix: '' }, 'S');
  const told = (failures: number) =>
    tellReport(
      {
        ending: { is: 'error', error: new OutputError(paths.results, 'gone') },
        exitCode: 4,
        tally: { ...emptyTally(), failed: failures },
        paths,
        durationMs: 1,
        isListRead: false,
        flow: undefined,
      },
      false,
      { retry: () => 'aggregate retry S', resume: () => 'aggregate resume S' },
    );
  for (const path of [paths.results, paths.journal]) writeFileSync(path, '');
  expect(told(0)).toContain('\n  go on:  aggregate resume S');
  expect(told(1)).toContain('\n  to go on, put its files back where they were; then:  aggregate resume S');
  for (const path of [paths.failed, paths.exceptions]) writeFileSync(path, '');
  expect(told(1)).toContain('\n  go on:  aggregate resume S');
  renameSync(paths.journal, join(folder, 'elsewhere'));
  expect(told(0)).toContain('\n  to go on, put its files back where they were; then:  aggregate resume S');
});
