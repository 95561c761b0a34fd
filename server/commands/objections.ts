import { object, objects } from '../../src/fhir/json.ts';
import { readCommand, usage } from './objection-arguments.ts';
import { runShellCommand } from './shell-command.ts';

/** `npm run objections -- …`: what can be done to the objections register from a shell. */
await runShellCommand({
  of: 'objections',
  usage,
  read: readCommand,
  here: () => import('./objections-here.ts'),
  isPartial: (result) => objects(object(result)?.['bad']).length > 0,
  print: (result, { command }) =>
    JSON.stringify(result, null, command === 'list' || command === 'import-practice' ? 2 : undefined),
});
