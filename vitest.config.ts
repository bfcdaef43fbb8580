import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'fixtures/**/*.test.ts'],
    // The whole-program tests run the real `bin/aggregate.js`, which runs what was built.
    globalSetup: ['src/testing/build-once.ts'],
    // Far beyond what any test needs: only to end what hangs. A machine may be busy with other things.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A condition that is waited for: as far beyond what it needs.
    expect: { poll: { timeout: 60_000 } },
    // Two cores, and most tests fork: more files at a time would only wait for each other.
    maxWorkers: 2,
    // A process for each of so many files costs more than most of their tests (measured: half of the unit tests' CPU time).
    isolate: false,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/testing/**'],
      reporter: ['text-summary'],
    },
  },
});
