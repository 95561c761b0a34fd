import { auditCommand, type AuditCommand } from '../governance/audit-command.ts';
import { readArguments } from './command-arguments.ts';

export const usage = `npm run audit -- <command>

  verify  [--events <n> --hash <hash>] [--by <who>]
  looks   --nhs-number <number> [--from <yyyy-mm-dd>] [--to <yyyy-mm-dd>] --by <who>

verify walks the audit trail from its first event, and holds it to where this data folder last knew it to reach; with
--events and --hash also to a line "the audit trail reaches to here" of a log that is kept elsewhere.
looks prints who looked at a person's record, when, from where, in which role, why, and what they opened: for the person,
when they ask. Both stand on the trail. They work while the server runs. The exit code is 1 where something is refused or
the trail is not whole, and one line says why.`;

/** The arguments after the script's name as a command: see {@link readArguments}. */
export function readCommand(args: readonly string[]): AuditCommand | 'help' {
  return readArguments(args, {
    options: ['events', 'hash', 'nhs-number', 'from', 'to', 'by'],
    schema: auditCommand,
    commands: 'verify or looks',
  });
}
