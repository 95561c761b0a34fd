import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { requirementsIn } from '../auth/conformance/requirement.ts';

/** What a run of tests says of the requirements of SMART App Launch. */
export type RequirementsShown = {
  /** How many tests failed or could not be read: such a run shows less than there is. */
  readonly failed: number;
  /** Files whose tests passed, by the requirement that their titles name. Sorted: the order of a run changes nothing. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
};

type Module = Pick<TestModule, 'moduleId' | 'errors'> & {
  readonly children: {
    readonly allTests: () => Iterable<{
      readonly name: string;
      readonly result: () => { readonly state: string };
    }>;
  };
};

/** Collects from a run which requirements were shown, and by which files below `root`. */
export function requirementsShown(modules: readonly Module[], root: string): RequirementsShown {
  const shown = new Map<number, Set<string>>();
  let failed = 0;
  for (const module of modules) {
    if (module.errors().length > 0) failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'failed') failed += 1;
      if (state !== 'passed') continue;
      for (const id of requirementsIn(test.name))
        shown.set(id, (shown.get(id) ?? new Set()).add(relative(root, module.moduleId).replaceAll('\\', '/')));
    }
  }
  const sorted = [...shown].sort(([a], [b]) => a - b);
  return { failed, shown: Object.fromEntries(sorted.map(([id, files]) => [id, [...files].sort()])) };
}

/** A reporter of vitest that writes what was shown to the file that `OHC_REQUIREMENTS` names. */
export default class RequirementsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env['OHC_REQUIREMENTS'];
    if (path === undefined) return;
    const { failed, shown } = requirementsShown(modules, process.cwd());
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify({ failed: failed + unhandledErrors.length, shown }, null, 1)}\n`);
  }
}
