import { profileCommand, type ProfileCommand } from '../governance/profile-command.ts';
import { readArguments } from './command-arguments.ts';

export const usage = `npm run profiles -- <command>

  list     [--host <id>] [--by <who>]
  confirm  --host <id> --user <id> [--role <R-code>] --by <who>

list prints everyone whose role only they themselves assert, those that nobody has confirmed first. confirm makes such a
role count from the user's next launch; with --role only where it is that one. It works while the server runs. The exit
code is 1 where something is refused, and one line says why.`;

/** The arguments after the script's name as a command: see {@link readArguments}. */
export function readCommand(args: readonly string[]): ProfileCommand | 'help' {
  return readArguments(args, {
    options: ['host', 'user', 'role', 'by'],
    schema: profileCommand,
    commands: 'list or confirm',
  });
}
