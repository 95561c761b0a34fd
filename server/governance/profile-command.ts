import { z } from 'zod';
import type { AuditTrail } from '../audit/audit.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../fault.ts';
import { createProfiles, type Profile } from '../launch/registration/profile.ts';
import type { Database } from '../store/store.ts';
import { commandKind, type CommandKind } from './command.ts';

const said = z.string().trim().min(1).max(256);

/** What can be asked of the users' profiles from a shell: whose role nobody but they assert, and to confirm one. */
export const profileCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('list'), host: said.optional(), by: said.default('shell') }),
  z.strictObject({ command: z.literal('confirm'), host: said, user: said, role: said.optional(), by: said }),
]);
export type ProfileCommand = z.infer<typeof profileCommand>;

/** What the commands on profiles need. */
export type ProfileDeps = {
  readonly config: Pick<Config, 'hosts' | 'roles'>;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Pick<AuditTrail, 'recordIn'>;
};

/** A self-declared role as a reviewer reads it. */
function reviewed(config: ProfileDeps['config'], profile: Profile) {
  const host = config.hosts.find((one) => one.id === profile.host);
  const works = host?.selfDeclared === 'allowed' || profile.roleConfirmedAt !== null;
  return {
    host: profile.host,
    user: profile.userId,
    name: profile.name,
    role: profile.role,
    title: config.roles.find((role) => role.code === profile.role)?.title ?? '',
    organisation: profile.organisation,
    registration:
      profile.registrationBody === null ? null : `${profile.registrationBody} ${profile.registrationNumber ?? ''}`,
    said: profile.promisedAt.toISOString(),
    works: works ? 'now' : 'once it is confirmed',
    confirmed: profile.roleConfirmedAt?.toISOString() ?? null,
    confirmedBy: profile.roleConfirmedBy,
  };
}

function refused(text: string): Fault {
  return new Fault('invalid-request', text);
}

async function confirm(deps: ProfileDeps, command: Extract<ProfileCommand, { command: 'confirm' }>): Promise<unknown> {
  const { config, db, idKey, audit } = deps;
  const { host, user, by } = command;
  return db.transaction(async (tx) => {
    const profiles = createProfiles({ db: tx, idKey });
    const profile = await profiles.find(host, user);
    if (profile === undefined) throw refused(`No user ${user} of ${host} has said who they are.`);
    if (!profile.roleSelfDeclared) throw refused('The host itself asserts the role of this user.');
    if (command.role !== undefined && command.role !== profile.role)
      throw refused(`This user says that their role is ${profile.role}, not ${command.role}.`);
    const entry = config.hosts.find((one) => one.id === host);
    if (entry === undefined || !entry.roles.includes(profile.role))
      throw refused(`${profile.role} is no longer a role of ${host}.`);
    if (profile.roleConfirmedAt !== null)
      throw refused(`${profile.role} was confirmed already, by ${profile.roleConfirmedBy ?? 'somebody'}.`);
    const confirmed = { ...profile, roleConfirmedAt: new Date(), roleConfirmedBy: by };
    await profiles.save(confirmed);
    await audit.recordIn(tx, {
      type: 'administration',
      action: 'U',
      outcome: 'success',
      detail: { command: 'profiles confirm', by, host, user, role: profile.role },
    });
    return reviewed(config, confirmed);
  });
}

/** What `npm run profiles` asks. Each command, the list too, leaves a row on the audit trail, or is not done. */
export function profileCommands(deps: ProfileDeps): CommandKind {
  const { config, db, idKey, audit } = deps;
  return commandKind(profileCommand, (command) => {
    if (command.command === 'confirm') return confirm(deps, command);
    return db.transaction(async (tx) => {
      const found = await createProfiles({ db: tx, idKey }).selfDeclared(command.host);
      await audit.recordIn(tx, {
        type: 'administration',
        action: 'R',
        outcome: 'success',
        detail: { command: 'profiles list', by: command.by, profiles: found.length },
      });
      return found.map((profile) => reviewed(config, profile));
    });
  });
}
