import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';
import { createVerify } from './verify-customer.ts';

const flaw = (json: string, customer: string, path = 'customer') => createVerify(path)(parseJson(json), customer);

describe('createVerify', () => {
  it.each([
    ['{"customer":"007"}', '007'],
    ['{"customer":7}', '7'],
    ['{"customer":12345678901234567890}', '12345678901234567890'],
    ['{"customer":1e3}', '1e3'],
  ])('finds nothing wrong with %s for %s', (json, customer) => {
    expect(flaw(json, customer)).toBeUndefined();
  });

  it.each([
    ['{"customer":"B"}', 'A', 'customer is "B"'],
    ['{"customer":7}', '007', 'customer is 7'],
    ['{"customer":7.0}', '7', 'customer is 7.0'],
    ['{"customer":"a"}', 'A', 'customer is "a"'],
    ['{"customer":null}', 'null', 'customer is null'],
    ['{"customer":["A"]}', 'A', 'customer is an array'],
    ['{"customer":true}', 'true', 'customer is a boolean'],
    ['{}', 'undefined', 'customer is nothing'],
  ])('finds %s wrong for %s', (json, customer, what) => {
    expect(flaw(json, customer)).toBe(`the answer is not this customer's: ${what}`);
  });

  it('takes an expression, and one that cannot be applied for nothing', () => {
    expect(flaw('{"of":[{"id":1.0}]}', '1.0', 'of[0].id')).toBeUndefined();
    expect(flaw('{"of":1}', '1', 'sum(of)')).toContain('is nothing');
  });

  it('shows no more than the beginning of a long one', () => {
    expect(flaw(JSON.stringify({ customer: 'x'.repeat(1000) }), 'A')).toMatch(/is "x{40}…"$/);
  });
});
