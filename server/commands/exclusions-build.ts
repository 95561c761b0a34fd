import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLists } from '../config/code-list-build.ts';

/** Where the lists stand, and the table of classification stems that goes into them beside what is named. */
export const listsFolder = join('smart-config', 'exclusions');
export const ownTable = join(listsFolder, 'stems-of-classifications.tsv');

const usage = `npm run exclusions:build -- <table.tsv> [<table.tsv> …]

Makes the code lists of smart-config/exclusions from tables of sensitive codes, whose columns are category, system, code,
term and provenance, and from ${ownTable}. Every fault is told, and then nothing is written.`;

/** Reads the tables, in their order, and the project's own after them. */
export async function listsFrom(files: readonly string[]): Promise<ReturnType<typeof buildLists>> {
  const all = [...files, ownTable];
  return buildLists(await Promise.all(all.map(async (file) => ({ file, content: await readFile(file, 'utf8') }))));
}

if (import.meta.main) {
  const files = process.argv.slice(2);
  if (files.length === 0 || files.includes('--help')) console.log(usage);
  else {
    const { lists, faults } = await listsFrom(files);
    if (faults.length > 0) {
      console.error(faults.join('\n'));
      process.exitCode = 1;
    } else
      for (const [id, content] of lists) {
        await writeFile(join(listsFolder, `${id}.tsv`), content);
        console.log(`${id}: ${content.split('\n').length - 2} codes`);
      }
  }
}
