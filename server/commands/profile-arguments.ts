import { parseArgs } from 'node:util';
import { profileCommand, type ProfileCommand } from '../governance/profile-command.ts';
import { Refusal } from './refusal.ts';

export const usage = `npm run profiles -- <command>

  list     [--host <id>] [--by <who>]
  confirm  --host <id> --user <id> [--role <R-code>] --by <who>

list prints everyone whose role only they themselves assert, those that nobody has confirmed first. confirm makes such a
role count from the user's next launch; with --role only where it is that one. It works while the server runs. The exit
code is 1 where something is refused, and one line says why.`;

const options = {
  host: { type: 'string' },
  user: { type: 'string' },
  role: { type: 'string' },
  by: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The arguments after the script's name as a command; `help` where that is asked, or nothing is.
 * @throws {Refusal} naming everything that is missing or not as expected
 */
export function readCommand(args: readonly string[]): ProfileCommand | 'help' {
  let read;
  try {
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
  const { positionals, values } = read;
  const [name, ...rest] = positionals;
  if (values.help === true || (name === undefined && Object.keys(values).length === 0)) return 'help';
  if (rest.length > 0) throw new Refusal(`${rest[0]} is one word too many. A name of several words needs quotes.`);
  const { help: _, ...given } = values;
  const parsed = profileCommand.safeParse({ command: name, ...given });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    if (issue.path[0] === 'command') return `${name ?? 'nothing'} is no command: list or confirm`;
    if (issue.code === 'unrecognized_keys') return `${name} takes no ${issue.keys.map((key) => `--${key}`).join(', ')}`;
    const member = String(issue.path[0]);
    return `--${member}: ${Object.hasOwn(given, member) ? issue.message : 'is missing'}`;
  });
  throw new Refusal(`${lines.join('; ')}.`);
}
