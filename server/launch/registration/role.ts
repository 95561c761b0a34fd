import type { Config } from '../../config/config.ts';
import type { Host, Role } from '../../config/schema.ts';

/** The roles that users of a host may hold, in the order of `roles.json`. */
export function rolesOf(config: Config, host: Host): readonly Role[] {
  return config.roles.filter((role) => host.roles.includes(role.code));
}

function reach(role: Role): number {
  return role.scopes.reduce((sum, scope) => sum + (/^(patient|user)\/\*/.test(scope) ? 1000 : 1), 0);
}

/** The role that shows least: what a role that nobody has confirmed is worth where the host says `until-confirmed`. */
export function leastRole(roles: readonly Role[]): Role | undefined {
  return roles.toSorted((a, b) => reach(a) - reach(b))[0];
}
