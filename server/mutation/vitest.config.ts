import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The tests that start a database come last: a mutant that another test kills does not wait for one. */
class DatabasesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isOfStore = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('.store.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter((one) => !isOfStore(one)), ...sorted.filter(isOfStore)];
  }
}

/**
 * The tests that a mutation of withholding and disclosure is tried against: those of the two rooms themselves. What the
 * rooms above prove through HTTP is left out, since each mutant would start a server.
 */
export default defineConfig({
  test: {
    environment: 'node',
    provide: { databaseUrl: '' },
    include: ['server/privacy/**/*.test.ts', 'server/disclosure/**/*.test.ts'],
    sequence: { sequencer: DatabasesLast },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
