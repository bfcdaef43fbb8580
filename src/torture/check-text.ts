import { exceptionsOf, type RunFiles } from './run-files.ts';

/** A file that has gone wrong seldom does so once. */
const SHOWN = 5;
const LOG_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d - ./;

/** I2, no torn line: every file ends in a line break, every line parses, is UTF-8 and has no NUL. */
export function checkText(files: RunFiles): string[] {
  const { results, log, failed, exceptions, journal } = files;
  const problems = Object.entries({ results, log, failed, exceptions, journal }).flatMap(([name, file]) =>
    file.problems.slice(0, SHOWN).map((problem) => `${name} ${problem}`),
  );
  const badLog = log.lines.find((line) => !LOG_LINE.test(line));
  if (badLog !== undefined) problems.push(`log has a line that is none: ${JSON.stringify(badLog.slice(0, 100))}`);
  if (exceptionsOf(exceptions).length < exceptions.lines.length) problems.push('exceptions has a line that is none');
  return problems.map((problem) => `I2: ${problem}`);
}
