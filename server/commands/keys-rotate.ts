import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../config/environment.ts';
import {
  checkKeys,
  keyFiles,
  keyFileText,
  readKeyFile,
  rotated,
  type KeyFile,
  type KeyFileName,
} from '../config/key-file.ts';
import { replaceFile } from '../config/replace-file.ts';

const usage = `npm run keys:rotate [-- --signs-in <minutes>] [--drop-old]

Brings in new keys in SECRETS_DIR: one that signs id tokens (signing-keys.json) and those towards hosts
and sources (launch-keys.json). Servers that run on that folder take them within seconds, without a restart. The old
keys go on verifying and decrypting until the next rotation.

  --signs-in <minutes>  when the new keys begin to sign (1 for id tokens, 10 towards hosts): until then
                        they are published only. Where each server has a folder of its own, copy both
                        files to all of them within that time.
  --drop-old            the old keys end at once: for a key that others may have read. What they signed
                        no longer verifies, and hosts must read the new key set before they encrypt again.
  --help                says this`;

const leastMinutes: Readonly<Record<KeyFileName, number>> = { 'signing-keys.json': 1, 'launch-keys.json': 10 };

async function next(
  folder: string,
  name: KeyFileName,
  minutes: number | undefined,
  dropOld: boolean,
): Promise<KeyFile> {
  const content = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const before = content === undefined ? undefined : readKeyFile(name, content);
  if (before?.success === false)
    throw new Error(
      `${name} is broken (${before.error.issues[0]?.message ?? 'not as expected'}): mend or remove it first.`,
    );
  const signsInMs = Math.max(minutes ?? 0, leastMinutes[name]) * 60_000;
  const after = await rotated(name, before?.data, { now: Date.now(), signsInMs, dropOld });
  await checkKeys(after.keys);
  return after;
}

function say(name: KeyFileName, { keys, signsFrom }: KeyFile): void {
  const algs = keyFiles[name].length;
  const kids = (of: KeyFile['keys']): string => of.map((key) => `${key.kid} (${key.alg})`).join(', ');
  console.log(`${name}: new ${kids(keys.slice(0, algs))}; signs from ${signsFrom ?? 'now'}.`);
  if (keys.length > algs) console.log(`  still verifies and decrypts: ${kids(keys.slice(algs))}`);
}

async function rotate(folder: string, minutes: number | undefined, dropOld: boolean): Promise<void> {
  const names = Object.keys(keyFiles) as KeyFileName[];
  // Both are ready before either is written: a rotation that is refused changes nothing. One after the other, so that a
  // refusal always names the first.
  const files: { readonly name: KeyFileName; readonly file: KeyFile }[] = [];
  for (const name of names) files.push({ name, file: await next(folder, name, minutes, dropOld) });
  for (const { name, file } of files) {
    await replaceFile(join(folder, name), keyFileText(file), 0o600);
    say(name, file);
  }
}

/** `npm run keys:rotate`. */
try {
  const { values } = parseArgs({
    options: {
      'signs-in': { type: 'string' },
      'drop-old': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const minutes = values['signs-in'] === undefined ? undefined : Number(values['signs-in']);
  if (values.help) console.log(usage);
  else if (minutes !== undefined && !(minutes > 0 && minutes <= 10_080))
    throw new Error('--signs-in: a number of minutes, at most a week (10080).');
  else {
    const { secretsDir } = readEnvironment(process.env);
    await rotate(secretsDir, minutes, values['drop-old']).catch((error: NodeJS.ErrnoException) => {
      throw error.code === undefined
        ? error
        : new Error(`The keys in ${secretsDir} could not be replaced (${error.code}).`);
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
