const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Without the ASCII white space around it: what the seed's `strip()` takes away, and nothing else (no U+00A0). */
export const trimSpaces = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return end - start === text.length ? text : text.slice(start, end);
};
