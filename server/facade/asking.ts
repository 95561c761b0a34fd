import type { Request } from 'express';
import { itemsOfType } from '../../src/fhir/data-class.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Authorization } from '../auth/authorization.ts';
import { permits, type Interaction, type Level } from '../auth/scope.ts';
import type { House } from '../disclosure/house.ts';
import { rightsOf } from '../disclosure/rights.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { routeOf } from '../request.ts';

/** What every request to the facade is checked by before the record is thought of. */
export type Asking = {
  /** The launch whose token the request carries. @throws {Fault} `token-missing`, `token-invalid` */
  readonly session: (request: Request) => Promise<LaunchSession>;
  /** The facade's id of the person of a launch, where it has one. */
  readonly personOf: (session: LaunchSession) => string | undefined;
  /** The facade's id of the user of a launch. */
  readonly userOf: (session: LaunchSession) => string;
  /** Lets through whose role and scopes have this. @throws {Fault} `not-permitted`, on the audit trail */
  readonly permit: (
    request: Request,
    session: LaunchSession,
    type: string,
    interaction: Interaction,
    level?: Level,
  ) => Promise<void>;
  /** The refusal of anything that is not of this launch: like what never was. On the audit trail. */
  readonly notOfThisLaunch: (request: Request, session: LaunchSession) => Promise<Fault>;
};

/** The words for what is not there, and for what this launch may not open: nobody can tell them apart. */
export const notHereWords = 'There is nothing here that this launch may open.';

/** Makes the checks. `patientIdOf` and `userId` give the facade's opaque ids. */
export function createAsking(deps: {
  readonly house: House;
  readonly authorization: Pick<Authorization, 'verify'>;
  readonly patientIdOf: (context: LaunchSession['context']) => string | undefined;
  readonly userId: (host: string, user: string) => string;
}): Asking {
  const { house, authorization } = deps;

  const refused = async (
    request: Request,
    { context, clientId, launchId }: LaunchSession,
    reason: string,
    detail: AuditEntry['detail'] = {},
  ): Promise<void> => {
    await house.audit.record({
      type: 'disclosure',
      action: 'R',
      outcome: 'refused',
      reason,
      user: { host: context.host, id: context.user.id, name: context.user.name },
      organisation: context.organisation,
      role: context.role,
      clientId,
      launchId,
      detail: { request: routeOf(request), ...detail },
    });
  };

  return {
    session: (request) => authorization.verify(request.headers.authorization),
    personOf: ({ context }) => deps.patientIdOf(context),
    userOf: ({ context: { host, user } }) => deps.userId(host, user.id),
    permit: async (request, session, type, interaction, level = 'patient') => {
      if (permits(rightsOf(house.config, session).scopes, type, interaction, level)) return;
      const role = house.config.roles.find((one) => one.code === session.context.role)?.scopes ?? [];
      const byRole = !permits(role, type, interaction, level);
      await refused(request, session, byRole ? 'role' : 'scope', { type, interaction });
      const items = itemsOfType(type);
      throw new Fault(
        'not-permitted',
        byRole
          ? `Your role does not include ${items}.`
          : `This app was not given ${items}: its scopes do not include them.`,
        { detail: `${interaction} of ${type}` },
      );
    },
    notOfThisLaunch: async (request, session) => {
      await refused(request, session, 'not-of-this-launch');
      return new Fault('not-found', notHereWords);
    },
  };
}
