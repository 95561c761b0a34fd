import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets } from './secrets.ts';

const files = ['cookie-keys.json', 'id-key', 'launch-keys.json', 'register-key', 'signing-keys.json'];

describe('the secrets', () => {
  let folder: string;
  let made: string[];
  const load = (mayMake: boolean) => loadSecrets(join(folder, 'secrets'), { mayMake, made: (file) => made.push(file) });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohc-secrets-'));
    made = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are made on loopback, for the owner alone, and said', async () => {
    const secrets = await load(true);
    expect(secrets.idKey).toHaveLength(32);
    expect(made.toSorted()).toEqual(files);
    for (const file of files) expect((await stat(join(folder, 'secrets', file))).mode & 0o777, file).toBe(0o600);
  });

  it('are the same at the next start, and for two servers that start at once', async () => {
    const [one, other] = await Promise.all([load(true), load(true)]);
    const later = await load(false);
    expect(new Set([one, other, later].map((secrets) => JSON.stringify(secrets)))).toHaveProperty('size', 1);
  });

  it('are refused where they are missing elsewhere: each file is named, none is made', async () => {
    const refusal = await load(false).then(
      () => '',
      (error: Error) => error.message,
    );
    for (const file of files.filter((one) => one !== 'launch-keys.json'))
      expect(refusal).toContain(`${file} is missing`);
    await expect(readdir(join(folder, 'secrets'))).rejects.toThrow();
  });

  it('are refused where one is broken, and what is broken is not replaced', async () => {
    await load(true);
    await writeFile(join(folder, 'secrets', 'id-key'), 'too short');
    await writeFile(join(folder, 'secrets', 'signing-keys.json'), '{');
    await expect(load(true)).rejects.toThrow(/signing-keys\.json cannot be used[^]*id-key cannot be used/);
  });
});
