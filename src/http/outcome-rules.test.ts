import { describe, expect, it } from 'vitest';
import type { OutcomeRule } from '../channel/protocol.ts';
import { parseAnswer } from '../records/read-answer.ts';
import { compileRules } from './outcome-rules.ts';

/** The words of the rule that an answer meets, and what they make of it. */
const met = (rules: OutcomeRule[], answer: { status?: number; headers?: Record<string, string>; text?: string }) => {
  const { status = 200, headers = {}, text = '{}' } = answer;
  const body = Buffer.from(text);
  const received = { answer: { status, statusText: '', headers, body }, json: () => parseAnswer(body) };
  const rule = compileRules(rules).find(({ isMet }) => isMet(received));
  return `${rule?.words} → ${rule?.as}`;
};

describe('compileRules', () => {
  it('puts the defaults behind the rules of the user, the first that is met counts', () => {
    const rules: OutcomeRule[] = [
      { status: 404, as: 'empty' },
      { status: [404, '5xx'], as: 'stop' },
    ];
    expect(met(rules, { status: 404 })).toBe('404 → empty');
    expect(met(rules, { status: 502 })).toBe('404, 5xx → stop');
    expect(met(rules, { status: 429 })).toBe('429 → limited');
    expect(met(rules, { status: 418 })).toBe('anything else → fail');
  });

  it.each([
    ["error.code == 'BUSY'", '{"error":{"code":"BUSY"}}', true],
    ["error.code == 'BUSY'", '{"error":{"code":"FINE"}}', false],
    ['error', '{"error":{}}', false],
    ['error', '{"error":{"any":1}}', true],
    ['errors', '{"errors":[]}', false],
    ['errors', '{"errors":[0]}', true],
    ['retry', '{"retry":false}', false],
    ['count', '{"count":1.0}', true],
    ['count', '{"count":0}', true],
    ["error.code == 'BUSY'", '<html>', false],
    ["error.code == 'BUSY'", '', false],
    ['sum(error)', '{"error":1}', false],
  ])('where %s: %s meets it: %s', (where, text, isMet) => {
    expect(met([{ where, as: 'retry' }], { text })).toBe(isMet ? `where ${where} → retry` : '2xx → ok');
  });

  it('asks for everything that a rule says', () => {
    const rules: OutcomeRule[] = [{ status: '2xx', header: 'X-State: Busy', where: 'a', as: 'limited' }];
    const words = '2xx with X-State: Busy where a → limited';
    expect(met(rules, { headers: { 'x-state': 'busy' }, text: '{"a":1}' })).toBe(words);
    expect(met(rules, { headers: { 'x-state': 'idle' }, text: '{"a":1}' })).toBe('2xx → ok');
    expect(met(rules, { headers: { 'x-state': 'busy' } })).toBe('2xx → ok');
    expect(met(rules, { status: 503, headers: { 'x-state': 'busy' }, text: '{"a":1}' })).toContain('retry');
  });

  it('looks for a header by its name alone where no value is wanted', () => {
    expect(met([{ header: 'X-Wait', as: 'retry' }], { headers: { 'x-wait': '' } })).toBe('with X-Wait → retry');
    expect(met([], { status: 503, headers: { 'retry-after': '1' } })).toBe('503 with retry-after → limited');
  });
});
