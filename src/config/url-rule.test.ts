import { describe, expect, it } from 'vitest';
import { urlExpectation } from './url-rule.ts';

describe('urlExpectation', () => {
  it.each([
    'http://127.0.0.1:8808/rest-service/endpoint/{0}',
    'HTTPS://server.example/{0}?region={1}&name={last name}',
    'http://[::1]:80/?id={0}&of={a#b%}',
    'http://h/a@b/{0}',
    'http://h/a/../{0}',
    'http://h/customers',
    'http://h/{1}?of={region}',
  ])('has nothing against %s', (url) => {
    expect(urlExpectation(url)).toBeUndefined();
  });

  it.each([
    ['', 'an absolute URL'],
    ['/rest-service/{0}', 'an absolute URL'],
    ['server.example/{0}', 'an absolute URL'],
    ['//server.example/{0}', 'an absolute URL'],
    ['http:/server.example/{0}', 'an absolute URL'],
    ['http:///{0}', 'an absolute URL'],
    ['file:///etc/{0}', 'an absolute URL'],
    ['file://host/{0}', 'http:// or https://'],
    ['ftp://host/{0}', 'http:// or https://'],
    ['javascript://h/{0}', 'http:// or https://'],
    ['http://{0}/x', 'before the path'],
    ['http://{0}.h/{0}', 'before the path'],
    ['http://h:{0}/{0}', 'before the path'],
    ['{0}://h/{0}', 'before the path'],
    ['http://h{0}', 'before the path'],
    ['http://h/{0}#{1}', 'without a fragment'],
    ['http://h/{0}#part', 'without a fragment'],
    ['http://h/%{0}', 'hexadecimal digits'],
    ['http://h/100%/{0}', 'hexadecimal digits'],
    ['http://h/{0}/{', 'each { has its }'],
    ['http://h/{0}}', 'each { has its }'],
    ['http://h/{{0}}', 'each { has its }'],
    ['http://h/{0}/{}', 'a number or a column name'],
    ['http://me:pw@h/{0}', 'without user name and password'],
    ['http://me@h/{0}', 'without user name and password'],
    ['http://h\\@evil/{0}', 'without backslashes'],
    ['http://h/{0}\r\nx', 'without blanks'],
    [' http://h/{0}', 'without blanks'],
    ['http://h/{0}\u0000', 'without blanks'],
    ['http://h/a b/{0}', 'without blanks'],
    ['http://h:99999/{0}', 'a valid host and port'],
    ['http://[::1/{0}', 'a valid host and port'],
    ['http://h/{0}/..', 'without ..'],
    ['http://h/{0}/%2e%2E/x', 'without ..'],
  ])('G4: refuses %j', (url, expected) => {
    expect(urlExpectation(url)).toContain(expected);
  });
});
