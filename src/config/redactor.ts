const MASK = '***';
/** A shorter piece of base64 would also be found in ordinary words. */
const MIN_BASE64_LENGTH = 6;

/**
 * A function that replaces every secret in a text by `***`: as it is, percent-encoded, in a form (`+` for a blank), in a
 * JSON text, and in base64 or base64url, there also as part of something longer (`user:password`). Overlapping secrets
 * are masked as one. Without secrets it gives the text back as it is.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))];
  if (forms.length === 0) return (text) => text;
  forms.sort((a, b) => b.length - a.length);
  const anyForm = new RegExp(forms.map(escapeForRegExp).join('|'));
  return (text) => maskCut(anyForm.test(text) ? mask(text, forms) : text, forms);
}

/** Of secrets that came into being during the run the last few are masked: the older ones have expired. */
const MAX_LEARNT = 8;

/** A redactor that learns more secrets, such as tokens, as they come into being. */
export function createLearningRedactor(secrets: readonly string[]): {
  redact(text: string): string;
  learn(secret: string): void;
} {
  let learnt: string[] = [];
  let redact = createRedactor(secrets);
  return {
    redact: (text) => redact(text),
    learn: (secret) => {
      if (learnt.includes(secret)) return;
      learnt = [...learnt, secret].slice(-MAX_LEARNT);
      redact = createRedactor([...secrets, ...learnt]);
    },
  };
}

/** What an excerpt of a text from elsewhere ends with where it was cut. */
const CUT = '…';
/** A shorter beginning of a secret tells little, and is found in ordinary words. */
const MIN_PIECE_LENGTH = 4;

/** Masks what a cut has left of a secret: its beginning, just before the cut. */
function maskCut(text: string, forms: readonly string[]): string {
  let masked = text;
  for (let at = text.lastIndexOf(CUT); at > 0; at = text.lastIndexOf(CUT, at - 1)) {
    const length = Math.max(...forms.map((form) => pieceBefore(text, at, form)));
    if (length > 0) masked = masked.slice(0, at - length) + MASK + masked.slice(at);
  }
  return masked;
}

/** How many characters before `at` are a beginning of the secret; 0 where they are too few. */
function pieceBefore(text: string, at: number, form: string): number {
  for (let length = Math.min(form.length, at); length >= MIN_PIECE_LENGTH; length -= 1) {
    if (text.endsWith(form.slice(0, length), at)) return length;
  }
  return 0;
}

/** `RegExp.escape` would do it, but Node 22 lacks it. */
function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Masks the union of all occurrences: with one secret inside or across another, no part of either stays. */
function mask(text: string, forms: readonly string[]): string {
  const spans = forms.flatMap((form) => occurrences(text, form)).sort((a, b) => a.start - b.start);
  let masked = '';
  let end = 0;
  for (const span of spans) {
    if (span.start > end || end === 0) masked += text.slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return masked + text.slice(end);
}

function occurrences(text: string, form: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    found.push({ start, end: start + form.length });
  }
  return found;
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), ...percentForms(secret), ...base64Forms(secret)];
}

function percentForms(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', wellFormed]]).toString().slice(1);
  const upper = [component, strict, encodeURI(wellFormed), form, component.replaceAll('%20', '+')];
  return upper.flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** Base64 of the secret alone, and the characters that stay the same wherever it begins in a longer text. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inner = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    // Six bits a character: the first ones carry bits of what stands before, the last one bits of what follows.
    return whole.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((whole.length * 8) / 6));
  });
  const forms = [bytes.toString('base64'), ...inner].filter((form) => form.length >= MIN_BASE64_LENGTH);
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')]);
}
