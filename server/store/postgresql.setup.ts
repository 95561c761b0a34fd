import type { TestProject } from 'vitest/node';
import { startPostgresql } from './postgresql.ts';

/** Starts a real PostgreSQL for the project `postgresql`, and removes it with all its data at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgresql();
  project.provide('databaseUrl', url);
  return stop;
}
