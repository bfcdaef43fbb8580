/** Why a file cannot be read, in words that hold nothing of it. */
export function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return PROBLEMS.get(code) ?? code;
}

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'no permission to read it'],
  ['EPERM', 'no permission to read it'],
  ['ERR_INVALID_ARG_VALUE', 'it is no path'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'it holds bytes that are not UTF-8'],
]);
