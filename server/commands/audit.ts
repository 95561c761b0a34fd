import { readCommand, usage } from './audit-arguments.ts';
import { runShellCommand } from './shell-command.ts';

/** `npm run audit -- …`: whether the audit trail is whole, and who looked at a person's record. */
await runShellCommand({
  of: 'audit',
  usage,
  read: readCommand,
  here: () => import('./audit-here.ts'),
  print: (result) => (typeof result === 'string' ? result : JSON.stringify(result)),
});
