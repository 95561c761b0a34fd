import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = 'docs/clinical-safety';
const log = await readFile('docs/hazard-log.md', 'utf8');
const report = await readFile(join(folder, 'safety-case-report.md'), 'utf8');
const hazards = log.split(/^### (?=H\d)/m).slice(1);
const idOf = (part: string): string => /^H\d+/.exec(part)?.[0] ?? '';

/** The hazards that the table below a heading is about, in its order. */
function listedUnder(heading: string): readonly string[] {
  const [, section = ''] = report.split(`## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| (H\d+) +\|/gm)].map(([, id = '']) => id);
}

describe('the clinical safety case report', () => {
  it('speaks of each hazard whose residual risk is 3, and none is above', () => {
    const at = (risk: RegExp): readonly string[] => hazards.filter((part) => risk.test(part)).map(idOf);
    expect(listedUnder('What stays at risk 3')).toEqual(at(/^- Residual: .*, risk 3$/m));
    expect(at(/^- Residual: .*, risk [45]$/m)).toEqual([]);
  });

  it('speaks of each hazard that is open', () => {
    expect(listedUnder('What is open')).toEqual(
      hazards.filter((part) => part.includes('- Control: To come')).map(idOf),
    );
  });

  it('argues with every hazard of the log', () => {
    const [, argument = ''] = report.split('## The argument\n');
    const named = [...(argument.split('\n## ')[0] ?? '').matchAll(/H(\d+)(?: to H(\d+))?/g)].flatMap(([, from, to]) =>
      Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, n) => `H${Number(from) + n}`),
    );
    expect(hazards.map(idOf).filter((id) => !named.includes(id))).toEqual([]);
  });

  it('has a place for the clinical safety officer, and claims no approval without one', async () => {
    const plan = await readFile(join(folder, 'risk-management-plan.md'), 'utf8');
    expect(plan).toMatch(/^\| clinical safety officer of the supplier \(DCB0129\) +\|/m);
    expect(report).toContain('**draft: not approved. No release is claimed**');
  });
});

it('every link of the clinical safety documents leads to a file', async () => {
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name), 'utf8');
    for (const [, target = ''] of content.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      expect(existsSync(join(dirname(join(folder, name)), target)), `${name}: ${target}`).toBe(true);
  }
});
