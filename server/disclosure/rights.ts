import { narrow as narrowScopes, permits, permittedBy, type Interaction } from '../auth/scope.ts';
import type { Config } from '../config/config.ts';
import type { Role } from '../config/schema.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { LaunchSession } from '../launch/context.ts';

/** Whether a role gets a type: `some` where it depends on the resource. */
export type Share = 'all' | 'some' | 'none';

/** What a launch may see now: its scopes within what its role has this moment, and what its role does not get of a type. */
export type Rights = {
  readonly scopes: readonly string[];
  readonly without: NonNullable<Role['without']>;
  /** Looks under the supervision of another. */
  readonly supervised: boolean;
};

/**
 * The rights of a launch, worked out anew for each request from its role as it is configured now: what a role has lost,
 * open launches have lost with it. A role that is no more has none.
 */
export function rightsOf(config: Pick<Config, 'roles'>, session: Pick<LaunchSession, 'scopes' | 'context'>): Rights {
  const role = config.roles.find((one) => one.code === session.context.role);
  return {
    scopes: narrowScopes(session.scopes, role?.scopes ?? []),
    without: role?.without ?? {},
    supervised: role?.supervised ?? false,
  };
}

/**
 * Makes the test whether one resource of the person may be seen, quick for many: a scope without a query is decided once
 * for its type, one with a query (`?category=…`) on the resource itself.
 */
export function allowance(
  scopes: readonly string[],
  interaction: Interaction,
): { readonly type: (resourceType: string) => Share; readonly resource: (resource: Resource) => boolean } {
  const whole = scopes.filter((scope) => !scope.includes('?'));
  const known = new Map<string, Share>();
  const of = (type: string): Share => {
    const said =
      known.get(type) ??
      (permits(whole, type, interaction) ? 'all' : permits(scopes, type, interaction) ? 'some' : 'none');
    known.set(type, said);
    return said;
  };
  return {
    type: of,
    resource: (resource) => {
      const said = of(resource.resourceType);
      return said === 'all' || (said === 'some' && permittedBy(scopes, resource, interaction));
    },
  };
}
