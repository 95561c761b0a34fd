import { objectionCommand, type ObjectionCommand } from '../governance/objection-command.ts';
import { readArguments } from './command-arguments.ts';

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

/** The arguments after the script's name as a command: see {@link readArguments}. */
export function readCommand(args: readonly string[]): ObjectionCommand | 'help' {
  return readArguments(args, {
    options: [
      'nhs-number',
      'name',
      'birth-date',
      'channel',
      'requester',
      'id',
      'decision',
      'weighed',
      'status',
      'route',
      'practice',
      'file',
      'reason',
      'by',
    ],
    files: { file: 'list' },
    schema: objectionCommand,
    commands: 'raise, decide, withdraw, reverse, review, import-practice or list',
  });
}
