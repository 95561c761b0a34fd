import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { objectionCommand, type ObjectionCommand } from '../governance/objection-command.ts';
import { Refusal } from './refusal.ts';

export const usage = `npm run objections -- <command>

  raise     --nhs-number <number> --name <full name> --birth-date <yyyy-mm-dd>
            --channel gp|pals|email|post|host --requester person|guardian|representative --by <who>
  decide    --id <id> --decision uphold|decline --reason <why> [--weighed <what>] --by <who>
  withdraw  --id <id> --reason <why> --by <who>
  reverse   --nhs-number <number> --name <full name> --birth-date <yyyy-mm-dd> --reason <why> --by <who>
  review    --id <id> --reason <why> --by <who>
  import-practice  --practice <ODS code> --file <list.csv> --by <who>
  list      [--status draft|proposed|active|rejected|inactive] [--route practice|records-team]
            [--practice <ODS code>] [--by <who>]

raise checks the full name, the birth date and the NHS number at the demographics service, and prints {"id": …}. The
practice where the person is registered decides, where it is listed and shares; else the records team: "route" says which.
decide takes --weighed where somebody else asks for the person: how a child's age and maturity were weighed where it is a
guardian, what authority a representative has. Where it is not given, --reason says it.
reverse ends the objection of somebody who asks the records team, since their practice does not share.
import-practice keeps a practice's dated list of dissents as what the practice last said. The first line of the file names
its columns: nhs-number, date and, where the list also says who consents again, answer (dissent or consent). Lines that
cannot be read are told by their number, and the exit code is 1; all others are kept.
list shows when a parent's objection is to be looked at again: from 90 days before the child's 16th and 18th birthday
until review says that it was, and stands.
All work while the server runs. The exit code is 1 where something is refused, and one line says why.`;

const options = {
  'nhs-number': { type: 'string' },
  name: { type: 'string' },
  'birth-date': { type: 'string' },
  channel: { type: 'string' },
  requester: { type: 'string' },
  id: { type: 'string' },
  decision: { type: 'string' },
  weighed: { type: 'string' },
  status: { type: 'string' },
  route: { type: 'string' },
  practice: { type: 'string' },
  file: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function option(member: string): string {
  if (member === 'list') return '--file';
  return `--${member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(`--file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The arguments after the script's name as a command; `help` where that is asked, or nothing is.
 * @throws {Refusal} naming everything that is missing or not as expected
 */
export function readCommand(args: readonly string[]): ObjectionCommand | 'help' {
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
  const { help: _, 'nhs-number': nhsNumber, 'birth-date': birthDate, file, ...others } = values;
  const list = file === undefined ? undefined : contentOf(file);
  const given = { command: name, nhsNumber, birthDate, list, ...others };
  const parsed = objectionCommand.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    if (issue.path[0] === 'command')
      return `${name ?? 'nothing'} is no command: raise, decide, withdraw, reverse, review, import-practice or list`;
    if (issue.code === 'unrecognized_keys') return `${name} takes no ${issue.keys.map(option).join(', ')}`;
    const member = String(issue.path[0]);
    return `${option(member)}: ${member in given && given[member as keyof typeof given] !== undefined ? issue.message : 'is missing'}`;
  });
  throw new Refusal(`${lines.join('; ')}.`);
}
