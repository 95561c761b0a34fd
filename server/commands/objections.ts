import { readCommand, usage } from './objection-arguments.ts';
import { runShellCommand } from './shell-command.ts';

/** `npm run objections -- …`: what can be done to the objections register from a shell. */
await runShellCommand({
  of: 'objections',
  usage,
  read: readCommand,
  here: async (environment, command) => (await import('./objections-here.ts')).runHere(environment, command),
  print: (result, { command }) => JSON.stringify(result, null, command === 'list' ? 2 : undefined),
});
