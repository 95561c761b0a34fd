import { readCommand, usage } from './profile-arguments.ts';
import { runShellCommand } from './shell-command.ts';

/** `npm run profiles -- …`: the users whose role nobody but they themselves assert. */
await runShellCommand({
  of: 'profiles',
  usage,
  read: readCommand,
  here: () => import('./profiles-here.ts'),
  print: (result) => JSON.stringify(result, null, 2),
});
