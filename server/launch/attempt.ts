import type { AuditEntry } from '../audit/entry.ts';
import { lookedAt, type LaunchContext, type LaunchUser } from './context.ts';

/**
 * What is known of one attempt to launch, for its row on the audit trail. Each step adds what it has proved, so that a
 * refusal is recorded with all that was known when it came, and with nothing that was only claimed.
 */
export type Attempt = {
  known: Pick<AuditEntry, 'user' | 'organisation' | 'role' | 'clientId' | 'nhsNumber' | 'hostPatient' | 'detail'>;
  /**
   * True while what is proved so far could be sent again without end, as a copied context can. Its refusals are counted
   * with those of which nothing is proved.
   */
  repeatable?: boolean;
};

/** A context that its door has proved, before it is known in which role the user looks. */
export type ProvedContext = Omit<LaunchContext, 'role' | 'declaredRole' | 'user'> & {
  readonly user: LaunchUser;
  /** The role that the host asserts. */
  readonly role?: string;
  /** The authorization request of a standalone launch, which goes on with the handle that this launch ends in. */
  readonly resume?: Readonly<Record<string, string>>;
};

/** What the audit trail says of a context. */
export function knownOf(context: ProvedContext): Attempt['known'] {
  return {
    user: { host: context.host, id: context.user.id, name: context.user.name },
    organisation: context.organisation,
    clientId: context.clientId,
    ...(context.role === undefined ? {} : { role: context.role }),
    ...lookedAt(context),
    ...(context.reason === undefined
      ? {}
      : { detail: { reasonCode: context.reason.code, reasonText: context.reason.text } }),
  };
}
