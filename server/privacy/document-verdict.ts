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

/** Opens the verdicts on documents' words. `now` is the clock (ms). */
export function createVerdicts(deps: { readonly db: Database; readonly now?: () => number }): Verdicts {
  const { db, now = Date.now } = deps;
  return {
    of: async (keys) => {
      const found = new Map<string, KeptVerdict>();
      for (const some of inBatches(keys)) {
        const rows = await db
          .select()
          .from(documentVerdict)
          .where(and(inArray(documentVerdict.keyHash, [...some]), gt(documentVerdict.expiresAt, new Date(now()))));
        for (const row of rows)
          found.set(row.keyHash, {
            verdict: verdictOf(row),
            content: row.contentHash,
            ...(row.stateHash === null ? {} : { state: row.stateHash }),
          });
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
