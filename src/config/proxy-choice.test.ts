import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-choice.ts';

const BOTH = { HTTP_PROXY: 'http://plain:3128', HTTPS_PROXY: 'http://secure:3128' };

describe('proxyFor', () => {
  it('goes by the variable of the scheme, in lower case first', () => {
    expect(proxyFor('http://h.test/{0}', BOTH)).toEqual({ variable: 'HTTP_PROXY', proxy: 'http://plain:3128' });
    expect(proxyFor('https://h.test/{0}', BOTH)).toEqual({ variable: 'HTTPS_PROXY', proxy: 'http://secure:3128' });
    expect(proxyFor('https://h.test/', { ...BOTH, https_proxy: 'http://lower' })?.proxy).toBe('http://lower');
    expect(proxyFor('https://h.test/', { ...BOTH, https_proxy: '' })).toBeUndefined();
    expect(proxyFor('http://h.test/', {})).toBeUndefined();
  });

  it('does not believe HTTP_PROXY in a CGI program, where anybody can set it', () => {
    expect(proxyFor('http://h.test/', { ...BOTH, REQUEST_METHOD: 'GET' })).toBeUndefined();
    expect(proxyFor('http://h.test/', { ...BOTH, http_proxy: 'http://p', REQUEST_METHOD: 'GET' })?.proxy).toBe(
      'http://p',
    );
    expect(proxyFor('https://h.test/', { ...BOTH, REQUEST_METHOD: 'GET' })?.proxy).toBe('http://secure:3128');
  });

  it.each(['http://localhost:8080/', 'http://127.0.0.1/', 'http://127.1.2.3/', 'http://[::1]:80/'])(
    'goes straight to this machine itself: %s',
    (url) => {
      expect(proxyFor(url, BOTH)).toBeUndefined();
    },
  );

  it.each([
    ['*', 'http://h.test/'],
    ['h.test', 'http://h.test/'],
    ['H.Test', 'http://h.test/'],
    ['h.test', 'http://h.test./'],
    ['.test', 'http://h.test/'],
    ['*.test', 'http://a.h.test/'],
    ['h.test', 'http://a.h.test/'],
    ['other, h.test', 'http://h.test/'],
    ['other h.test', 'http://h.test/'],
    ['h.test:8080', 'http://h.test:8080/'],
    ['h.test:80', 'http://h.test/'],
    ['h.test:443', 'https://h.test/'],
    ['10.1.2.3', 'http://10.1.2.3/'],
    ['10.0.0.0/8', 'http://10.1.2.3/'],
    ['10.0.0.0/8:8080', 'http://10.1.2.3:8080/'],
    ['10.1.2.3:80', 'http://10.1.2.3/'],
    ['2001:db8:0:0:0:0:0:1', 'http://[2001:db8::1]/'],
    ['[2001:db8::1]:80', 'http://[2001:db8::1]/'],
    ['[2001:db8::1]', 'http://[2001:db8::1]/'],
    ['2001:db8::1', 'http://[2001:db8::1]/'],
    ['2001:db8::/32', 'http://[2001:db8::1]/'],
  ])('with NO_PROXY=%s goes straight to %s', (NO_PROXY, url) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY })).toBeUndefined();
    expect(proxyFor(url, { ...BOTH, no_proxy: NO_PROXY, NO_PROXY: 'other' })).toBeUndefined();
  });

  it.each([
    ['', 'http://h.test/'],
    [',', 'http://h.test/'],
    ['.', 'http://h.test/'],
    ['test.h', 'http://h.test/'],
    ['h.test', 'http://ah.test/'],
    ['a.h.test', 'http://h.test/'],
    ['h.test:81', 'http://h.test/'],
    ['10.0.0.0/8', 'http://11.1.2.3/'],
    ['10.0.0.0/8:8080', 'http://10.1.2.3/'],
    ['10.0.0.0/', 'http://10.1.2.3/'],
    ['10.0.0.0/99', 'http://10.0.0.0/'],
    ['1.2.3', 'http://10.1.2.3/'],
    ['10.0.0.0/8', 'http://h.test/'],
  ])('with NO_PROXY=%j goes by the proxy to %s', (NO_PROXY, url) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY })?.proxy).toBe('http://plain:3128');
  });
});
