import { readEnvironment } from '../config/environment.ts';
import { askServer } from '../governance/admin-socket.ts';
import { Refusal } from './objection-arguments.ts';
import { readCommand, usage } from './profile-arguments.ts';

/** `npm run profiles -- …`: the users whose role nobody but they themselves assert. */
try {
  const command = readCommand(process.argv.slice(2));
  if (command === 'help') console.log(usage);
  else {
    const environment = readEnvironment(process.env);
    const asked =
      environment.databaseUrl === undefined ? await askServer(environment.dataDir, 'profiles', command) : 'no server';
    const answer =
      asked === 'no server'
        ? await import('./profiles-here.ts').then(({ runHere }) => runHere(environment, command))
        : asked;
    if (!answer.ok) throw new Refusal(answer.refusal);
    console.log(JSON.stringify(answer.result, null, 2));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
