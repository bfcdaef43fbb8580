import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitToOpenFiles, openFilesLimit, tellFit } from './open-files.ts';

const wanted = { processCount: 10, requestsPerProcess: 100 };

describe('fitToOpenFiles', () => {
  it('asks for less where the limit is low, and says so', () => {
    const fitted = fitToOpenFiles(wanted, 64);
    expect(fitted).toEqual({ processCount: 6, requestsPerProcess: 24 });
    expect(tellFit(wanted, fitted, 64)).toMatch(/^only 64 open files .* process_count 6 and requests_per_process 24$/);
  });

  it('leaves alone what fits, and what is not known', () => {
    expect(fitToOpenFiles(wanted, 1024)).toEqual(wanted);
    expect(fitToOpenFiles(wanted, undefined)).toEqual(wanted);
    expect(tellFit(wanted, wanted, 1024)).toBeUndefined();
  });

  it('never asks for nothing, and never for more than was wanted', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 1024 }), (limit, n, m) => {
        const fitted = fitToOpenFiles({ processCount: n, requestsPerProcess: m }, limit);
        expect(fitted.processCount).toBeGreaterThanOrEqual(1);
        expect(fitted.processCount).toBeLessThanOrEqual(n);
        expect(fitted.requestsPerProcess).toBeGreaterThanOrEqual(1);
        expect(fitted.requestsPerProcess).toBeLessThanOrEqual(m);
      }),
    );
  });

  it.runIf(process.platform === 'linux')('knows the limit of this process', () => {
    expect(openFilesLimit()).toBeGreaterThan(10);
  });
});
