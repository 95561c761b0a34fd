import { object, objects, text } from '../../src/fhir/json.ts';
import { isSnomedId } from './code-list.ts';
import type { ListRow } from './code-list-build.ts';

/** What a release or an expansion lists: SNOMED CT concepts, with their terms where it has them. */
export type Imported = { readonly source: string; readonly concepts: ReadonlyMap<string, string> };

/** Not a list that can be used; one sentence for the person at the shell. */
export class ImportRefusal extends Error {}

const snomed = /^https?:\/\/snomed\.info\/sct/;

/** RF2: a simple reference set snapshot, of which the active rows count. */
function fromRefset(content: string, wanted: string | undefined): Imported {
  const [head = '', ...lines] = content.split(/\r?\n/).filter((line) => line !== '');
  const names = head.split('\t');
  const [active = -1, refset = -1, component = -1] = ['active', 'refsetId', 'referencedComponentId'].map((one) =>
    names.indexOf(one),
  );
  if (Math.min(active, refset, component) < 0)
    throw new ImportRefusal('The file is neither an RF2 reference set snapshot nor a FHIR ValueSet with an expansion.');
  const rows = lines.map((line) => line.split('\t'));
  const held = [...new Set(rows.map((cells) => cells[refset] ?? ''))];
  if (wanted === undefined && held.length !== 1)
    throw new ImportRefusal(`The file holds ${held.length} reference sets. Name one: --refset ${held.join(' | ')}`);
  const one = wanted ?? held[0] ?? '';
  if (!held.includes(one)) throw new ImportRefusal(`The file holds no reference set ${one}.`);
  const concepts = rows
    .filter((cells) => cells[refset] === one && cells[active] === '1')
    .map((cells) => cells[component] ?? '');
  return { source: `RF2 reference set ${one}`, concepts: new Map(concepts.map((id) => [id, ''])) };
}

/** FHIR ValueSet: all that its expansion contains, at any depth, less what is there only to hold others together. */
function fromValueSet(json: unknown): Imported {
  const set = object(json);
  const expansion = object(set?.['expansion']);
  if (set?.['resourceType'] !== 'ValueSet' || expansion === undefined)
    throw new ImportRefusal('The file is neither an RF2 reference set snapshot nor a FHIR ValueSet with an expansion.');
  const concepts = new Map<string, string>();
  const take = (contains: unknown): void => {
    for (const one of objects(contains)) {
      const code = text(one['code']);
      if (code !== undefined && one['abstract'] !== true) {
        if (!snomed.test(text(one['system']) ?? ''))
          throw new ImportRefusal(
            `The expansion holds ${code} of ${text(one['system']) ?? 'no system'}: only SNOMED CT can be taken in.`,
          );
        concepts.set(code, text(one['display']) ?? '');
      }
      take(one['contains']);
    }
  };
  take(expansion['contains']);
  const total = expansion['total'];
  if (typeof total === 'number' && total > concepts.size)
    throw new ImportRefusal(
      `The expansion holds ${concepts.size} of its ${total} concepts: fetch all of its pages first.`,
    );
  return { source: `ValueSet ${text(set['url']) ?? 'without a url'}`, concepts };
}

/**
 * Reads an RF2 reference set snapshot or a FHIR ValueSet with its expansion. Ids stay texts throughout.
 * @param refset the reference set of the file to take, where it holds several
 * @throws {ImportRefusal} for another kind of file, a part of an expansion, or an id whose check digit is wrong
 */
export function readImport(content: string, refset?: string): Imported {
  const imported = content.trimStart().startsWith('{')
    ? fromValueSet(JSON.parse(content) as unknown)
    : fromRefset(content, refset);
  const wrong = [...imported.concepts.keys()].filter((id) => !isSnomedId(id));
  if (wrong.length > 0)
    throw new ImportRefusal(
      `${wrong.length} ids have a wrong check digit, such as ${wrong.slice(0, 3).join(', ')}: the file has been through something that changes long numbers.`,
    );
  if (imported.concepts.size === 0) throw new ImportRefusal('The file lists no concept.');
  return imported;
}

/** What a list would be after an import, and what that changes. */
export type Change = {
  readonly rows: readonly ListRow[];
  readonly added: readonly ListRow[];
  readonly lost: readonly ListRow[];
  /** True where more than a tenth of the category's SNOMED CT codes would be lost. */
  readonly losesTooMuch: boolean;
};

/** The list with its SNOMED CT codes replaced by the imported ones; codes of other systems stay. Pure. */
export function changeList(before: readonly ListRow[], { source, concepts }: Imported): Change {
  const snomedRows = before.filter((row) => row.system === 'SNOMED CT');
  const known = new Map(snomedRows.map((row) => [row.code, row]));
  const imported = [...concepts].map(([code, term]): ListRow => {
    const row = known.get(code);
    return { system: 'SNOMED CT', code, term: term === '' ? (row?.term ?? '') : term, mark: 'imported', source };
  });
  const lost = snomedRows.filter((row) => !concepts.has(row.code));
  return {
    rows: [...imported, ...before.filter((row) => row.system !== 'SNOMED CT')],
    added: imported.filter((row) => !known.has(row.code)),
    lost,
    losesTooMuch: lost.length * 10 > snomedRows.length,
  };
}
