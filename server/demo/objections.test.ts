import { expect, test } from 'vitest';
import { raiseObjections, type AskRegister } from './objections.ts';
import type { RegisterObjection } from './people.ts';

const wanted: readonly RegisterObjection[] = [
  { nhsNumber: '9991236368', name: 'Sheila Wardle', birthDate: '1947-12-05', channel: 'email', requester: 'person' },
  {
    nhsNumber: '9991236430',
    name: 'Gareth Pritchard',
    birthDate: '1970-06-11',
    channel: 'pals',
    requester: 'person',
    thenWithdrawn: true,
  },
];

/** A register that keeps to the command's contract. */
function register(): { readonly ask: AskRegister; readonly asked: string[] } {
  const rows: { id: string; status: string; person: { nhsNumber: string } }[] = [];
  const asked: string[] = [];
  const ask: AskRegister = async (args) => {
    const [command = ''] = args;
    const option = (name: string): string => args[args.indexOf(name) + 1] ?? '';
    asked.push(command);
    if (command === 'list') return { ok: true, result: structuredClone(rows) };
    if (command === 'raise') {
      const nhsNumber = option('--nhs-number');
      if (rows.some((row) => row.person.nhsNumber === nhsNumber && row.status === 'proposed'))
        return { ok: false, why: 'This person already has an objection that is open.' };
      rows.push({ id: `o-${rows.length}`, status: 'proposed', person: { nhsNumber } });
      return { ok: true, result: { id: `o-${rows.length - 1}` } };
    }
    const row = rows.find((one) => one.id === option('--id'));
    if (row?.status !== 'proposed') return { ok: false, why: 'This objection is closed.' };
    row.status = 'inactive';
    return { ok: true, result: {} };
  };
  return { ask, asked };
}

test('the first start raises, a second leaves what stands', async () => {
  const { ask, asked } = register();
  expect(await raiseObjections(wanted, ask)).toBe(2);
  expect(asked).toEqual(['list', 'raise', 'raise', 'withdraw']);
  expect(await raiseObjections(wanted, ask)).toBe(0);
  expect(asked.slice(4)).toEqual(['list']);
});

test('a start that was cut off before the withdrawal is completed by the next', async () => {
  const { ask, asked } = register();
  const cutOff = wanted.map(({ nhsNumber, name, birthDate, channel, requester }) => ({
    nhsNumber,
    name,
    birthDate,
    channel,
    requester,
  }));
  await raiseObjections(cutOff, ask);
  expect(await raiseObjections(wanted, ask)).toBe(0);
  expect(asked.at(-1)).toBe('withdraw');
});

test('a refusal of the register is told in its own words', async () => {
  const ask: AskRegister = async () => ({ ok: false, why: 'No server answers.' });
  await expect(raiseObjections(wanted, ask)).rejects.toThrow('No server answers.');
});
