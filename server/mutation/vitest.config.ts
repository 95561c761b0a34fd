import { defineConfig } from 'vitest/config';

/**
 * The tests that a mutation of withholding and disclosure is tried against: those of the two rooms themselves. What the
 * rooms above prove through HTTP is left out, since each mutant would start a server.
 */
export default defineConfig({
  test: {
    environment: 'node',
    provide: { databaseUrl: '' },
    include: ['server/privacy/**/*.test.ts', 'server/disclosure/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
