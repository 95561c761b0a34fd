import { spawn } from 'node:child_process';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import type { RegisterObjection } from './people.ts';

/** What a command printed, or the one line that says why it was refused. */
type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly why: string };

/** Runs `npm run objections` on the running server. */
export type AskRegister = (args: readonly string[]) => Promise<Answer>;

const by = 'Demo region';

/** Asks the register by its command, in a process of its own: as an operator at a shell would. */
export function registerCommand(entry: string, env: NodeJS.ProcessEnv, signal: AbortSignal): AskRegister {
  return (args) =>
    new Promise((done) => {
      const child = spawn(process.execPath, [entry, ...args], { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
      child.on('error', (error) => done({ ok: false, why: error.message }));
      child.on('close', (code) => {
        try {
          if (code === 0) done({ ok: true, result: JSON.parse(out) });
          else done({ ok: false, why: err.trim().split('\n').at(-1) ?? `it ended with ${code}` });
        } catch {
          done({ ok: false, why: 'it printed no JSON' });
        }
      });
    });
}

const resultOf = (answer: Answer): unknown => {
  if (answer.ok) return answer.result;
  throw new Error(answer.why);
};

function raiseArgs(one: RegisterObjection): readonly string[] {
  return [
    ...['raise', '--nhs-number', one.nhsNumber, '--name', one.name, '--birth-date', one.birthDate],
    ...['--channel', one.channel, '--requester', one.requester, '--by', by],
  ];
}

/**
 * Brings the register to where the demo's stories have it: raises what is not in it, and withdraws where a person changed
 * their mind. What an earlier start raised stands already, and is left as it is.
 * @returns how many were raised
 * @throws an Error whose message is the register's own line
 */
export async function raiseObjections(wanted: readonly RegisterObjection[], ask: AskRegister): Promise<number> {
  const rows = objects(resultOf(await ask(['list', '--by', by])));
  const rowOf = (nhsNumber: string): JsonObject | undefined =>
    rows.find((row) => text(object(row['person'])?.['nhsNumber']) === nhsNumber);
  let raised = 0;
  for (const one of wanted) {
    const row = rowOf(one.nhsNumber);
    let id = text(row?.['id']);
    if (id === undefined) {
      id = text(object(resultOf(await ask(raiseArgs(one))))?.['id']) ?? '';
      raised += 1;
    }
    const open = row === undefined || row['status'] !== 'inactive';
    if (one.thenWithdrawn === true && open)
      resultOf(await ask(['withdraw', '--id', id, '--reason', 'Changed their mind', '--by', by]));
  }
  return raised;
}
