import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** SNOMED CT's own id of the relationship "is a". */
const isA = '116680003';

/** What lies below each concept, by its id: its direct children. */
export type Hierarchy = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a SNOMED CT hierarchy, line by line since a release has millions: an RF2 relationship snapshot, of which the active
 * "is a" rows count, or a tab-separated file whose head line is `child parent`.
 * @throws where the head line is of neither kind, with the words "columns …"
 */
export async function readHierarchy(path: string): Promise<Hierarchy> {
  const children = new Map<string, string[]>();
  let row: ((cells: readonly string[]) => readonly [child: string | undefined, parent: string | undefined]) | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const cells = line.split('\t');
    if (row === undefined) {
      row = rowsOf(cells);
      continue;
    }
    const [child, parent] = row(cells);
    if (child === undefined || parent === undefined) continue;
    const known = children.get(parent);
    if (known === undefined) children.set(parent, [child]);
    else known.push(child);
  }
  if (children.size === 0) throw new Error('at least one row that says what a concept is');
  return children;
}

function rowsOf(
  head: readonly string[],
): (cells: readonly string[]) => readonly [string | undefined, string | undefined] {
  const at = (name: string): number => head.indexOf(name);
  if (at('child') >= 0 && at('parent') >= 0) return (cells) => [cells[at('child')], cells[at('parent')]];
  const columns = ['active', 'sourceId', 'destinationId', 'typeId'].map(at);
  const [active = -1, source = -1, destination = -1, type = -1] = columns;
  if (columns.some((one) => one < 0))
    throw new Error('columns child and parent, or those of an RF2 relationship snapshot');
  return (cells) =>
    cells[active] === '1' && cells[type] === isA ? [cells[source], cells[destination]] : [undefined, undefined];
}

/** All that lies below these concepts, at any depth, without themselves; each once. */
export function descendantsOf(ids: readonly string[], hierarchies: readonly Hierarchy[]): readonly string[] {
  const seen = new Set(ids);
  const below: string[] = [];
  const next = [...ids];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    for (const hierarchy of hierarchies) {
      for (const child of hierarchy.get(id) ?? []) {
        if (seen.has(child)) continue;
        seen.add(child);
        below.push(child);
        next.push(child);
      }
    }
  }
  return below;
}
