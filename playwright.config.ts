import { defineConfig } from '@playwright/test';

/** The whole way through a real Chromium: `npm test` says which one (CHROMIUM_PATH). Each test opens its own browser. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  globalSetup: './e2e/region.ts',
  // One set for every system: the letters of the pictures come with them.
  snapshotPathTemplate: '{testDir}/{testFileName}-snapshots/{arg}{ext}',
  workers: 1,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
});
