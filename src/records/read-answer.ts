import { AnswerError } from './answer-error.ts';
import { excerpt } from './excerpt.ts';
import { parseJson } from './parse-json.ts';

/** Refuses what is not UTF-8, and accepts a byte order mark (RFC 8259, section 8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/**
 * The JSON value of a body, with numbers as `parseJson` keeps them. Throws `AnswerError` that says what came instead:
 * nothing, bytes that are not UTF-8, an HTML page, JSON that is cut short or none.
 */
export function parseAnswer(body: Uint8Array, contentType?: string): unknown {
  const text = decode(body);
  try {
    return parseJson(text);
  } catch (error) {
    throw new AnswerError(whatCame(text, error, contentType));
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    // The bytes are to blame and nothing else: show how they begin.
    throw new AnswerError(`answer is not UTF-8: "${excerpt(lenient.decode(body.subarray(0, 400)))}"`);
  }
}

function whatCame(text: string, error: unknown, contentType = ''): string {
  if (text.trim() === '') return 'answer is empty';
  const beginning = `"${excerpt(text)}"`;
  if (error instanceof RangeError) return `answer is nested too deeply: ${beginning}`;
  if (isHtml(text, contentType)) return `answer is an HTML page, not JSON: ${beginning}`;
  if (!(error instanceof SyntaxError)) throw error;
  return isCutShort(text, error.message)
    ? `answer ends in the middle of its JSON: ${beginning}`
    : `answer is not JSON: ${beginning}`;
}

const isHtml = (text: string, contentType: string): boolean =>
  /^\s*<(?:!doctype html|html|head|body)\b/i.test(text.slice(0, 1000)) ||
  (/^text\/html\b/i.test(contentType) && /^\s*</.test(text.slice(0, 1000)));

/** V8 says where it stumbled; at the end of the text, the rest is missing. */
function isCutShort(text: string, message: string): boolean {
  const isJsonStart = /^\s*["[{]/.test(text.slice(0, 1000));
  const position = /at position (\d+)/.exec(message)?.[1];
  const isAtEnd =
    position === undefined ? /end of JSON input/.test(message) : Number(position) >= text.trimEnd().length;
  return isJsonStart && isAtEnd;
}
