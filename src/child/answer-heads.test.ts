import { describe, expect, it } from 'vitest';
import { createRedactor } from '../config/secrets.ts';
import { AnswerHeads } from './answer-heads.ts';

const heads = () => new AnswerHeads(createRedactor(['s3cret-token-of-ours']));

describe('AnswerHeads', () => {
  it('shows how the first five answers of a kind begin, and no more', () => {
    const shown = heads();
    const body = Buffer.from('<html>\n  <h1>Bad Gateway</h1>');
    const all = Array.from({ length: 8 }, () => shown.headOf('http_5xx', 502, body));
    expect(all.filter((head) => head === '<html> <h1>Bad Gateway</h1>')).toHaveLength(5);
    expect(shown.headOf('http_5xx', 503, body)).toBeDefined();
    expect(shown.headOf('http_5xx', 504, Buffer.of())).toBeUndefined();
  });

  it('cuts what is long, and masks a secret even where the cut goes through it', () => {
    const long = heads().headOf('http_4xx', 400, Buffer.from('x'.repeat(1_000_000)));
    expect(long).toHaveLength(301);
    const cut = heads().headOf('http_4xx', 400, Buffer.from(`${'x'.repeat(290)}s3cret-token-of-ours`));
    expect(cut).toBe(`${'x'.repeat(290)}***…`);
    expect(heads().headOf('http_4xx', 400, Buffer.from('sent: s3cret-token-of-ours'))).toBe('sent: ***');
  });
});
