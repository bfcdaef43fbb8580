import { describe, expect, it } from 'vitest';
import { isExpectedHost } from './expected-host.ts';

describe('isExpectedHost', () => {
  it('knows addresses, localhost, this machine, and what it was told to listen at', () => {
    for (const host of [
      '127.0.0.1:9464',
      '10.0.0.7',
      '[::1]:9464',
      'localhost:9464',
      'LOCALHOST',
      'batch01:9464',
      'batch01.example',
      'metrics.example:80',
    ]) {
      expect(isExpectedHost(host, 'metrics.example', 'batch01'), host).toBe(true);
    }
  });

  it('knows no other name, however it is written', () => {
    for (const host of [
      undefined,
      '',
      'attacker.example',
      'attacker.example:9464',
      'localhost.attacker.example',
      'batch01x',
      '127.0.0.1.attacker.example',
      'user@127.0.0.1',
      '127.0.0.1:9464, attacker',
      '[::1',
      '127.0.0.1:x',
    ]) {
      expect(isExpectedHost(host, '127.0.0.1', 'batch01'), host).toBe(false);
    }
    expect(isExpectedHost('attacker.example', '0.0.0.0', '')).toBe(false);
  });
});
