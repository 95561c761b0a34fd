import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sectionClasses, sectionIds } from '../../record/record.ts';
import { itemWords, railGroups, sectionWords } from '../words.ts';
import { sections } from './table.tsx';

const here = join(process.cwd(), 'src', 'viewer', 'sections');

describe('the sections', () => {
  it('stand in the rail in the order of the one list, each once', () => {
    expect(railGroups.flatMap((group) => group.sections)).toEqual(sectionIds);
    for (const group of railGroups) expect(group.sections.length).toBeGreaterThan(0);
  });

  it('have a view, words and kinds of fact each, and nothing that is no section has', () => {
    for (const of of [sections, sectionWords, itemWords, sectionClasses])
      expect(Object.keys(of).toSorted()).toEqual(sectionIds.toSorted());
    expect(new Set(sectionIds.map((id) => sectionWords[id].title)).size).toBe(sectionIds.length);
  });

  it('have a folder each where they have a look of their own', () => {
    const folders = readdirSync(here, { withFileTypes: true }).filter((one) => one.isDirectory());
    for (const { name } of folders) expect(sectionIds).toContain(name);
  });

  it('are told by the guide, file by file', () => {
    const guide = readFileSync(join(process.cwd(), 'docs', 'adding-a-section.md'), 'utf8');
    for (const file of ['src/fhir/look.ts', 'src/record/record.ts', 'src/viewer/words.ts', 'sections/table.tsx'])
      expect(guide).toContain(file);
  });
});
