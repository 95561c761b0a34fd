import { z } from 'zod';
import { lookItem, lookKinds, lookLimits, sectionIds, type Look } from '../../src/fhir/look.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { LastLooks } from '../audit/last-look.ts';
import type { House } from '../disclosure/house.ts';
import { rightsOf } from '../disclosure/rights.ts';
import { Fault } from '../fault.ts';
import { lookedAt, type LaunchSession } from '../launch/context.ts';

/** What may be reported: nothing but names of a closed set, opaque ids and a time. */
const report = z.strictObject({
  looks: z
    .array(
      z.strictObject({
        kind: z.enum(lookKinds),
        sections: z.array(z.enum(sectionIds)).min(1).max(sectionIds.length),
        items: z.array(z.string().regex(lookItem)).max(lookLimits.items),
        at: z.iso.datetime(),
      }),
    )
    .min(1)
    .max(lookLimits.looks),
});

/** What a report of looks works with. */
export type LookedDeps = { readonly house: House; readonly lastLooks: LastLooks };

/** Who looks at whom, of every row. */
function whoLooks({ context, clientId, launchId }: LaunchSession) {
  return {
    type: 'look',
    action: 'R',
    user: { host: context.host, id: context.user.id, name: context.user.name },
    organisation: context.organisation,
    role: context.role,
    clientId,
    launchId,
    ...lookedAt(context),
  } as const;
}

function entryOf(house: House, session: LaunchSession, requestId: string, look: Look): AuditEntry {
  return {
    ...whoLooks(session),
    outcome: 'success',
    detail: {
      requestId,
      ...(rightsOf(house.config, session).supervised ? { supervised: 'yes' } : {}),
      look: look.kind,
      sections: look.sections,
      ...(look.items.length === 0 ? {} : { items: look.items }),
      at: look.at,
    },
  };
}

/**
 * Puts what the user looked at on the audit trail, a row each, so that the person can be told not only what was fetched.
 * It is the app's word: that the record was given stands in rows of its own.
 * @throws {Fault} `invalid-request` for anything but looks, `too-many` for more than a user can make in a minute
 */
export async function recordLooks(
  { house, lastLooks }: LookedDeps,
  session: LaunchSession,
  requestId: string,
  body: unknown,
): Promise<void> {
  const read = report.safeParse(body);
  if (!read.success)
    throw new Fault('invalid-request', 'Send looks: each with kind, sections, items and at. docs/facade.md says how.', {
      detail: z.prettifyError(read.error),
    });
  const { looks } = read.data;
  const count = await lastLooks.count(session.launchId, looks.length);
  if (count > lookLimits.perMinute) {
    // The first of this minute that is not written leaves a row: that something is missing can be seen.
    if (count - looks.length <= lookLimits.perMinute)
      await house.audit.record({
        ...whoLooks(session),
        outcome: 'refused',
        reason: 'too-many',
        detail: { requestId },
      });
    throw new Fault('too-many', 'More looks were reported than a user can make. Report them again in a minute.');
  }
  await Promise.all(looks.map((look) => house.audit.record(entryOf(house, session, requestId, look))));
  const { host, user } = session.context;
  await lastLooks.now({ ...lookedAt(session.context), user: { host, id: user.id } });
}

/** When the user last looked at the person of their launch, before this sitting. */
export async function lastLooked(
  { lastLooks }: LookedDeps,
  { context }: LaunchSession,
): Promise<{ readonly lastLooked?: string }> {
  const { host, user } = context;
  const before = await lastLooks.before({ ...lookedAt(context), user: { host, id: user.id } });
  return before === undefined ? {} : { lastLooked: before.toISOString() };
}
