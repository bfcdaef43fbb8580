import { describe, expect, it } from 'vitest';
import { askForSettings } from './questions.ts';

/** Answers in their order; what was asked and said is kept. */
async function talk(answers: string[], given: Record<string, unknown> = {}) {
  const heard: string[] = [];
  const left = [...answers];
  const found = await askForSettings(
    {
      ask: async (question) => {
        heard.push(question);
        const answer = left.shift();
        if (answer === undefined) throw new Error(`nobody answers: ${question}`);
        return answer;
      },
      say: (line) => heard.push(line),
      columnsOf: async (list) => (list === 'list.csv' ? ['name', 'id'] : `${list}: no such file`),
      isDirectory: (path) => path === '/var/lib/profiles',
    },
    given,
  );
  expect(left).toEqual([]);
  return { found, heard: heard.join('\n') };
}

describe('askForSettings', () => {
  it('asks again until an answer is right, and says what is wrong with it', async () => {
    const { found, heard } = await talk([
      ...['', 'none.csv', 'list.csv'],
      ...['no', 'id'],
      ...['example.com', 'https://server.example/', 'https://server.example/{0}'],
      ...['abc-123', 'API_TOKEN'],
      ...['/var/lib/profile', '/var/lib/profiles'],
    ]);
    expect(found).toEqual({
      source_file: 'list.csv',
      source_column: 'id',
      url: 'https://server.example/{0}',
      headers: 'authorization: Bearer ${API_TOKEN}',
      output_directory: '/var/lib/profiles',
    });
    for (const words of [
      'this one is needed',
      'none.csv: no such file',
      'there is no such column',
      'expected an absolute URL',
      'expected {0} where the customer belongs',
      'there is no such directory',
      'not the token itself',
    ]) {
      expect(heard).toContain(words);
    }
  });

  it('says where a secret in the URL belongs, without repeating it', async () => {
    const { heard } = await talk(['list.csv', '', 'https://server.example/{0}?api_key=s3cret-key', '', '']);
    expect(heard).toMatch(/write \$\{NAME\} for it there/);
    expect(heard).not.toContain('s3cret-key');
  });

  it('takes a URL without the customer where it may stand elsewhere', async () => {
    const url = 'https://server.example/search';
    const { found } = await talk(['list.csv', '', url, '', ''], { query: 'id={0}' });
    expect(found).toMatchObject({ url });
  });

  it('takes an empty answer for what is usual, and does not ask for what was given', async () => {
    const { found, heard } = await talk(['list.csv', '', '', ''], { url: 'https://server.example/{0}' });
    expect(found).toEqual({ source_file: 'list.csv', url: 'https://server.example/{0}' });
    expect(heard).not.toContain('URL');
  });
});
