import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Native tree-sitter loads once per process; forks keep the add-on out of worker threads during tests.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
