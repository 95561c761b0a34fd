import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCodeList } from '../config/code-list.ts';
import { readList, writeList, type ListRow } from '../config/code-list-build.ts';
import { changeList, readImport } from '../config/code-list-import.ts';
import { loadConfig } from '../config/config.ts';
import { Refusal } from './refusal.ts';

const usage = `npm run exclusions:import -- --category <id> --file <path> [--refset <id>] [--accept-loss] [--write] [--config <folder>]

Takes in the SNOMED CT codes of a category from a TRUD release (an RF2 reference set snapshot) or from a FHIR ValueSet with
its expansion, in place of those that the category's first list has. Shows what is added and what is lost; --write writes
it. A file that loses more than a tenth of the category is refused, unless --accept-loss says that this is meant.`;

/** How many rows of each kind are shown one by one. */
const shownAtMost = 50;

function shown(sign: string, rows: readonly ListRow[]): readonly string[] {
  const lines = rows.slice(0, shownAtMost).map(({ code, term }) => `${sign} ${code} ${term}`.trimEnd());
  return rows.length > shownAtMost ? [...lines, `${sign} … and ${rows.length - shownAtMost} more`] : lines;
}

/**
 * Does what stands on the command line.
 * @returns what is printed
 * @throws {Refusal} or an error, in one sentence
 */
export async function importExclusions(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      category: { type: 'string' },
      file: { type: 'string' },
      refset: { type: 'string' },
      config: { type: 'string', default: process.env['SMART_CONFIG'] ?? 'smart-config' },
      'accept-loss': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return usage;
  if (values.category === undefined || values.file === undefined)
    throw new Refusal('Say which category and which file: --category <id> --file <path>.');
  const { categories } = await loadConfig(values.config);
  const category = categories.find((one) => one.id === values.category);
  const [list] = category?.codes ?? [];
  if (list === undefined)
    throw new Refusal(
      `No category ${values.category} with a list. There are: ${categories.map((one) => one.id).join(', ')}.`,
    );
  const path = join(values.config, 'exclusions', list);
  const before = readList(await readFile(path, 'utf8'));
  const change = changeList(before, readImport(await readFile(values.file, 'utf8'), values.refset));
  const difference = [
    ...shown('+', change.added),
    ...shown('-', change.lost),
    `${category?.id}: ${change.added.length} added, ${change.lost.length} lost, ${change.rows.length} codes in all.`,
  ].join('\n');
  if (change.losesTooMuch && !values['accept-loss'])
    throw new Refusal(
      `${difference}\nRefused: more than a tenth of the category would be lost. If that is meant, say --accept-loss.`,
    );
  if (!values.write) return `${difference}\nNothing is written. Say --write to write ${path}.`;
  const content = writeList(change.rows);
  const [fault] = readCodeList(content).faults;
  if (fault !== undefined) throw new Refusal(`${fault.path}: found ${fault.found}, expected ${fault.expected}`);
  await writeFile(path, content);
  return `${difference}\nWrote ${path}.`;
}

if (import.meta.main) {
  try {
    console.log(await importExclusions(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
