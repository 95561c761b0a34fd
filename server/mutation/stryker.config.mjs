// Changes one thing at a time in what decides what is shown, and asks whether a test sees it. See docs/privacy.md.
const results = 'test-results/mutation';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['server/{privacy,disclosure}/**/*.ts', '!**/*.test.ts', '!**/*.testing.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'server/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // There is none of that name: TypeScript has no interface of the kind that would rewrite it, and nothing is compiled.
  tsconfigFile: 'none',
  tempDirName: `${results}/sandbox`,
  ignorePatterns: ['dist', 'test-results', '.data', 'docs', 'e2e', 'public', 'bench'],
  incremental: true,
  incrementalFile: `${results}/incremental.json`,
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false },
  jsonReporter: { fileName: `${results}/report.json` },
  htmlReporter: { fileName: `${results}/report.html` },
  thresholds: { high: 95, low: 95, break: 95 },
  timeoutMS: 20_000,
};
