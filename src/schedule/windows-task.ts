import { type ScheduledJob, two } from './scheduled-job.ts';

/**
 * A task for the Windows Task Scheduler, for `schtasks /Create /TN NAME /XML FILE`. All of it is ASCII, so that it is read
 * right whatever the encoding is taken for. There a task is ended without a word, and goes on at its next start.
 */
export function windowsTask({
  name,
  words,
  directory,
  hour,
  minute,
  user,
  variables,
  catchesUp,
}: ScheduledJob): string {
  const [program = '', ...args] = words;
  const needs = variables.length === 0 ? '' : ` Its settings take ${variables.join(', ')} from the user's environment.`;
  return `<?xml version="1.0"?>
<!-- schtasks /Create /TN ${name} /XML this-file -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>aggregate, each day at ${two(hour)}:${two(minute)}.${xml(needs)}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T${two(hour)}:${two(minute)}:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(user)}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>${catchesUp}</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(args.map(windowsWord).join(' '))}</Arguments>
      <WorkingDirectory>${xml(directory)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text in an element. */
const xml = (text: string): string =>
  text.replace(/[&<>"]|[^\u0020-\u007e]/gu, (char) => ENTITIES[char] ?? `&#${char.codePointAt(0)};`);

/** A word as programs on Windows find it in their command line: backslashes count only before a quotation mark. */
export function windowsWord(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
