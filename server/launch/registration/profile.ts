import { and, asc, eq, sql } from 'drizzle-orm';
import type { Config } from '../../config/config.ts';
import type { Host } from '../../config/schema.ts';
import { keyedHash } from '../../keyed-hash.ts';
import { profile as profileTable } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { LaunchContext, Said } from '../context.ts';
import type { ProvedContext } from '../attempt.ts';
import { leastRole, rolesOf } from './role.ts';

/** What is kept of a user between launches: this and nothing else. */
export type Profile = Omit<typeof profileTable.$inferSelect, 'id'>;

/** The profiles, by host and user. */
export type Profiles = {
  readonly find: (host: string, userId: string) => Promise<Profile | undefined>;
  readonly save: (profile: Profile) => Promise<void>;
  /** Everyone whose role only they themselves assert, those who wait to be confirmed first. */
  readonly selfDeclared: (host?: string) => Promise<readonly Profile[]>;
};

/** Profiles kept in the database. */
export function createProfiles({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Profiles {
  const idOf = (host: string, userId: string): string => keyedHash(idKey, 'profile', host, userId);
  const byId = db
    .select()
    .from(profileTable)
    .where(eq(profileTable.id, sql.placeholder('id')))
    .prepare('profile_by_id');
  return {
    find: async (host, userId) => {
      const [row] = await byId.execute({ id: idOf(host, userId) });
      return row;
    },
    selfDeclared: (host) =>
      db
        .select()
        .from(profileTable)
        .where(
          and(eq(profileTable.roleSelfDeclared, true), host === undefined ? undefined : eq(profileTable.host, host)),
        )
        .orderBy(sql`${profileTable.roleConfirmedAt} nulls first`, asc(profileTable.promisedAt)),
    save: async (profile) => {
      const id = idOf(profile.host, profile.userId);
      await db
        .insert(profileTable)
        .values({ id, ...profile })
        .onConflictDoUpdate({ target: profileTable.id, set: profile });
    },
  };
}

/** A promise stands for a year, leap day or not. */
const promiseMs = 365 * 24 * 60 * 60 * 1000;

/** True where a user who has a profile is asked again: after a year, and when the role that the host asserts changed. */
export function mustAskAgain(profile: Profile, context: ProvedContext, host: Host, now: number): boolean {
  if (now - profile.promisedAt.getTime() >= promiseMs) return true;
  if (context.role === undefined) return !profile.roleSelfDeclared || !host.roles.includes(profile.role);
  return context.role !== profile.role;
}

/**
 * The role in which the user looks: what the host asserts, or what the user said, as far as the host lets that count.
 * Where it must be confirmed first, that is the least of the host's roles.
 */
function roleOf(
  profile: Profile,
  context: ProvedContext,
  config: Config,
  host: Host,
): Pick<LaunchContext, 'role' | 'declaredRole'> {
  if (context.role !== undefined) return { role: context.role };
  if (host.selfDeclared === 'allowed' || profile.roleConfirmedAt !== null) return { role: profile.role };
  const least = leastRole(rolesOf(config, host))?.code ?? profile.role;
  return least === profile.role ? { role: least } : { role: least, declaredRole: profile.role };
}

/** What the user said of themselves, since the host asserts nothing of it. */
function saidBy({ user }: ProvedContext): readonly Said[] {
  return [
    ...(user.said?.includes('name') === true ? (['name'] as const) : []),
    ...(user.registration === undefined ? (['registration'] as const) : []),
  ];
}

/** The whole launch context: what the door proved, and what the user has said about themselves. */
export function completeContext(
  profile: Profile,
  context: ProvedContext,
  config: Config,
  host: Host,
): LaunchContext & Pick<ProvedContext, 'resume'> {
  const { registrationBody: body, registrationNumber: number } = profile;
  const registration = context.user.registration ?? (body === null || number === null ? undefined : { body, number });
  const said = saidBy(context);
  return {
    ...context,
    user: {
      id: context.user.id,
      name: said.includes('name') ? profile.name : context.user.name,
      ...(registration === undefined ? {} : { registration }),
      ...(context.user.sds === undefined ? {} : { sds: context.user.sds }),
      ...(said.length === 0 ? {} : { said }),
    },
    ...roleOf(profile, context, config, host),
  };
}
