// A reporter of vitest that writes what `npm test` counts: unlike the JSON reporter it keeps the reason of each skip.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

export default class Counts {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      let tests = 0;
      for (const test of module.children.allTests()) {
        tests += 1;
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          const reason = result.note ?? (test.options.mode === 'todo' ? 'to do' : 'no reason given');
          counts.skipped.push({ title: `${file}: ${test.fullName} (${module.project.name})`, reason });
        }
      }
      // A file that cannot be read, or whose hook fails, has an error of its own and may have no test at all.
      if (module.errors().length > 0) counts.failed += 1;
      else if (tests === 0 && module.state() === 'failed') counts.failed += 1;
    }
    const path = process.env.OHC_COUNTS;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(counts));
  }
}
