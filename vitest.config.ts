import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    provide: { databaseUrl: '' },
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          environment: 'node',
          include: ['server/**/*.test.ts', 'src/fhir/**/*.test.ts'],
          // Two processes share no embedded database: these run on the real PostgreSQL alone.
          exclude: ['server/**/*.postgresql.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgresql',
          environment: 'node',
          include: ['server/**/*.store.test.ts', 'server/**/*.postgresql.test.ts'],
          globalSetup: ['server/store/postgresql.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'viewer',
          environment: 'happy-dom',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['src/fhir/**'],
        },
      },
    ],
  },
});
