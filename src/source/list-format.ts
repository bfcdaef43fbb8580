/** How many bytes from the start of a list the functions below look at. */
export const HEAD_BYTES = 4;

const FORMATS: ReadonlyArray<readonly [name: string, signature: readonly number[]]> = [
  ['is in UTF-16 (by its byte order mark)', [0xff, 0xfe]],
  ['is in UTF-16 (by its byte order mark)', [0xfe, 0xff]],
  ['is compressed (gzip)', [0x1f, 0x8b]],
  ['is a zip archive or a workbook', [0x50, 0x4b, 0x03, 0x04]],
];
const UTF8_BOM = [0xef, 0xbb, 0xbf];

const startsWith = (head: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => head[index] === byte);

/** Every second byte zero: plain text in UTF-16 without a byte order mark. */
const hasUtf16Zeros = (head: Uint8Array): boolean => {
  const [first, second, third, fourth] = Array.from(head.subarray(0, HEAD_BYTES), (byte) => byte === 0);
  if (fourth === undefined) return false;
  return first === third && second === fourth && first !== second;
};

/** Why a list that starts with these bytes is refused, or undefined where it may be read. */
export const refusedFormat = (head: Uint8Array): string | undefined => {
  const known = FORMATS.find(([, signature]) => startsWith(head, signature));
  const format = known?.[0] ?? (hasUtf16Zeros(head) ? 'seems to be in UTF-16' : undefined);
  return format === undefined ? undefined : `it ${format}; save it as plain text in UTF-8`;
};

/** The length of the UTF-8 byte order mark at the start of the list, in bytes: 3 or 0. */
export const bomBytes = (head: Uint8Array): number => (startsWith(head, UTF8_BOM) ? UTF8_BOM.length : 0);
