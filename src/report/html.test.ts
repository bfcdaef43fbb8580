import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, scriptJson } from './html.ts';

const NASTY = [...'<>"\'&;/#! ab\u0000\n\r\u001b\u2028\u202e\u2066\ud800', '&lt;', '&#60;', '<!--', ']]>'];

describe('html', () => {
  it('takes what is put in for text, and HTML for HTML', () => {
    const item = (text: string) => html`<li title="${text}">${text}</li>`;
    expect(html`<ul>${['<b>', `a"b'`].map(item)}</ul>${3}`.text).toBe(
      '<ul><li title="&lt;b&gt;">&lt;b&gt;</li><li title="a&quot;b&#39;">a&quot;b&#39;</li></ul>3',
    );
  });

  it('lets no text begin a tag, end an attribute, or turn the direction of what follows', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...NASTY) }), (text) => {
        expect(escapeHtml(text)).not.toMatch(
          /[<>"'\u0000-\u001f\u202a-\u202e\u2066-\u2069]|&(?!amp;|lt;|gt;|quot;|#39;)/,
        );
      }),
    );
  });
});

describe('scriptJson', () => {
  it('reads back as it was, and ends no script element', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant('</script><!--<script>\u2028')), (value) => {
        const { text } = scriptJson(value);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
