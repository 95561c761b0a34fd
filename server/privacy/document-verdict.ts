import { and, gt, inArray, sql } from 'drizzle-orm';
import type { KeptVerdict, Verdict, Verdicts } from '../federation/documents/verdict.ts';
import { documentVerdict } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

const dayMs = 24 * 3_600_000;
/** How many rows one statement takes. */
const batch = 500;

function inBatches<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / batch) }, (_, index) =>
    items.slice(index * batch, (index + 1) * batch),
  );
}

function verdictOf(row: Pick<typeof documentVerdict.$inferSelect, 'verdict' | 'categories'>): Verdict {
  return row.verdict === 'read' ? { kind: 'read', categories: row.categories } : { kind: row.verdict };
}

type Remembered = KeptVerdict & { readonly until: number };

/**
 * Opens the verdicts on documents' words. Those used last are remembered in this process too: a verdict of one key is never
 * another's, so that it may be known in several places, and a record whose documents are all known asks nothing.
 * @param deps.now the clock (ms)
 * @param deps.remember how many are remembered
 */
export function createVerdicts(deps: {
  readonly db: Database;
  readonly now?: () => number;
  readonly remember?: number;
}): Verdicts {
  const { db, now = Date.now, remember = 50_000 } = deps;
  const remembered = new Map<string, Remembered>();
  const recall = (key: string): KeptVerdict | undefined => {
    const one = remembered.get(key);
    if (one === undefined) return undefined;
    remembered.delete(key);
    if (one.until <= now()) return undefined;
    remembered.set(key, one);
    const { until: _until, ...kept } = one;
    return kept;
  };
  const memorise = (key: string, one: Remembered): void => {
    remembered.delete(key);
    remembered.set(key, one);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= remember) break;
      remembered.delete(oldest);
    }
  };

  return {
    of: async (keys) => {
      const found = new Map<string, KeptVerdict>();
      const unknown: string[] = [];
      for (const key of keys) {
        const kept = recall(key);
        if (kept === undefined) unknown.push(key);
        else found.set(key, kept);
      }
      for (const some of inBatches(unknown)) {
        const rows = await db
          .select()
          .from(documentVerdict)
          .where(and(inArray(documentVerdict.keyHash, [...some]), gt(documentVerdict.expiresAt, new Date(now()))));
        for (const row of rows) {
          const kept: KeptVerdict = {
            verdict: verdictOf(row),
            content: row.contentHash,
            ...(row.stateHash === null ? {} : { state: row.stateHash }),
          };
          found.set(row.keyHash, kept);
          memorise(row.keyHash, { ...kept, until: row.expiresAt.getTime() });
        }
      }
      return found;
    },
    keep: async (kept) => {
      // One key twice in a statement is refused; the last stands.
      const rows = [...new Map(kept.map((one) => [one.key, one])).values()].map(
        ({ key, verdict, content, state, days }) => ({
          keyHash: key,
          verdict: verdict.kind,
          categories: verdict.kind === 'read' ? [...verdict.categories] : [],
          contentHash: content,
          stateHash: state ?? null,
          expiresAt: new Date(now() + days * dayMs),
        }),
      );
      for (const { key, days, ...one } of kept) memorise(key, { ...one, until: now() + days * dayMs });
      for (const some of inBatches(rows))
        await db
          .insert(documentVerdict)
          .values([...some])
          .onConflictDoUpdate({
            target: documentVerdict.keyHash,
            set: {
              verdict: sql`excluded.verdict`,
              categories: sql`excluded.categories`,
              contentHash: sql`excluded.content_hash`,
              stateHash: sql`excluded.state_hash`,
              expiresAt: sql`excluded.expires_at`,
            },
          });
    },
  };
}
