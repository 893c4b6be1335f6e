import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Native tree-sitter loads once per process; forks keep the add-on out of worker threads during tests.
    pool: 'forks',
    // Most of what the tests wait for are programs they start: a core left for them would idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
