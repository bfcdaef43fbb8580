import { describe, expect, it } from 'vitest';
import { listenAddress } from './address-rule.ts';

describe('listenAddress', () => {
  it('is on this machine only, unless another address is named', () => {
    for (const text of ['9464', ':9464', '127.0.0.1:9464']) {
      expect(listenAddress(text)).toEqual({ host: '127.0.0.1', port: 9464 });
    }
    expect(listenAddress('0.0.0.0:9464')).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(listenAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(listenAddress('metrics.example:80')).toEqual({ host: 'metrics.example', port: 80 });
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      ':',
      'host',
      'host:',
      ':65536',
      '::1:80',
      '[x]:80',
      'http://h:80',
      'h:80/',
      ' :80',
      'a b:1',
      '*:80',
    ]) {
      expect(listenAddress(text), text).toBeUndefined();
    }
  });
});
