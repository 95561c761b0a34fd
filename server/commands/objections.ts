import { readEnvironment } from '../config/environment.ts';
import { askServer } from '../governance/admin-socket.ts';
import { readCommand, Refusal, usage } from './objection-arguments.ts';

/** `npm run objections -- …`: what can be done to the objections register from a shell. */
try {
  const command = readCommand(process.argv.slice(2));
  if (command === 'help') console.log(usage);
  else {
    const environment = readEnvironment(process.env);
    const asked =
      environment.databaseUrl === undefined ? await askServer(environment.dataDir, 'objections', command) : 'no server';
    // What opens the store and asks the demographics service is loaded only where no server does that already.
    const answer =
      asked === 'no server'
        ? await import('./objections-here.ts').then(({ runHere }) => runHere(environment, command))
        : asked;
    if (!answer.ok) throw new Refusal(answer.refusal);
    console.log(JSON.stringify(answer.result, null, command.command === 'list' ? 2 : undefined));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
