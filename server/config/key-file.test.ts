import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../log.ts';
import { inForce, keyFileText, newKey, readKeyFile, rotated, type KeyFile } from './key-file.ts';
import { watchKeys, type RotatingKeys } from './key-watch.ts';
import { replaceFile } from './replace-file.ts';
import { loadSecrets } from './secrets.ts';

const start = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;
const kids = (keys: readonly { readonly kid?: string }[]) => keys.map((key) => key.kid);
const turn = (before: KeyFile | undefined, now: number, dropOld = false) =>
  rotated('signing-keys.json', before, { now, signsInMs: minute, dropOld });

describe('a rotation', () => {
  it('publishes the new key at once, and lets it sign when every server publishes it', async () => {
    const first = await turn(undefined, start);
    const second = await turn(first, start);
    const [fresh, old] = kids(second.keys);
    expect(kids(first.keys)).toEqual([old]);
    expect(kids(inForce(second, start))).toEqual([old, fresh]);
    expect(kids(inForce(second, start + minute - 1))).toEqual([old, fresh]);
    expect(kids(inForce(second, start + minute))).toEqual([fresh, old]);
  });

  it('keeps two generations, and refuses the next until nothing of the oldest is left to verify', async () => {
    const second = await turn(await turn(undefined, start), start);
    await expect(turn(second, start + 5 * minute)).rejects.toThrow(/2026-01-01T12:11:00.000Z/);
    const third = await turn(second, start + 11 * minute);
    expect(third.keys).toHaveLength(2);
    expect(kids(third.keys)[1]).toBe(kids(second.keys)[0]);
  });

  it('drops the old at once where they have become known', async () => {
    const second = await turn(await turn(undefined, start), start);
    const clean = await turn(second, start + 1, true);
    expect(clean.keys).toHaveLength(1);
    expect(clean.signsFrom).toBeUndefined();
    expect(kids(second.keys)).not.toContain(kids(clean.keys)[0]);
  });

  it('has one new key of each algorithm towards hosts, and reads back what it wrote', async () => {
    const name = 'launch-keys.json';
    const options = { now: start, signsInMs: minute, dropOld: false };
    const first = await rotated(name, undefined, options);
    const second = await rotated(name, first, options);
    const algs = ['RS384', 'ES384', 'RS512', 'ECDH-ES+A256KW', 'RSA-OAEP-256'];
    const uses = ['sig', 'sig', 'sig', 'enc', 'enc'];
    expect(second.keys.map((key) => key.alg)).toEqual([...algs, ...algs]);
    expect(second.keys.map((key) => key.use)).toEqual([...uses, ...uses]);
    expect(readKeyFile(name, keyFileText(second)).data).toEqual(second);
    expect(kids(inForce(second, start))).toEqual([...kids(first.keys), ...kids(second.keys).slice(0, 5)]);
  });
});

describe('a file of keys', () => {
  it('that is broken is told without a word of what is in it', () => {
    for (const content of ['{"keys":[{"d":"secret"', '{"keys":[]}', '[]', '{"keys":[{"kty":"RSA","d":"secret"}]}']) {
      const { error } = readKeyFile('signing-keys.json', content);
      expect(error?.message).toBeDefined();
      expect(error?.message).not.toContain('secret');
    }
  });

  it('is replaced whole: a reader never finds a part of one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ohc-keys-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'signing-keys.json');
    const files = [keyFileText({ keys: [await newKey('RS256')] }), keyFileText({ keys: [await newKey('RS256')] })];
    await replaceFile(path, files[0] ?? '', 0o600);
    const writing = new AbortController();
    const reading = (async () => {
      let read = 0;
      while (!writing.signal.aborted) {
        expect(files).toContain(await readFile(path, 'utf8'));
        read += 1;
      }
      return read;
    })();
    for (let count = 0; count < 40; count += 1) await replaceFile(path, files[count % 2] ?? '', 0o600);
    writing.abort();
    expect(await reading).toBeGreaterThan(10);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['signing-keys.json']);
  });

  it('is left as it was by a replacement that stops in the middle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ohc-keys-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const secrets = join(folder, 'secrets');
    const made = { mayMake: true, made: () => undefined };
    const before = await loadSecrets(secrets, made);
    // What a power cut leaves: a draft beside the file.
    await writeFile(join(secrets, 'signing-keys.json.0123456789ab'), '{"keys":[');
    expect((await loadSecrets(secrets, made)).signingKeys).toEqual(before.signingKeys);
    // And what an error leaves: nothing.
    await expect(replaceFile(join(secrets, 'no', 'folder.json'), '{}', 0o600)).rejects.toThrow('ENOENT');
    await expect(replaceFile(secrets, '{}', 0o600)).rejects.toThrow();
    expect((await readdir(folder)).length).toBe(1);
  });
});

describe('a server that runs', () => {
  let folder: string;
  let now: number;
  const taken: RotatingKeys[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohc-keys-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    now = start;
    taken.splice(0);
  });
  const write = (file: KeyFile | string) =>
    writeFile(join(folder, 'signing-keys.json'), typeof file === 'string' ? file : keyFileText(file));
  function watch(keys: RotatingKeys, take = (next: RotatingKeys): void => void taken.push(next)) {
    const watching = watchKeys(folder, { keys, take, log: createLog('silent'), now: () => now });
    onTestFinished(() => watching.stop());
    return watching;
  }

  it('takes new keys, and lets them sign when their time has come, each once', async () => {
    const first = await turn(undefined, start);
    await write(first);
    const watching = watch({ signingKeys: first.keys, launchKeys: [] });
    await watching.check();
    expect(taken).toEqual([]);
    const second = await turn(first, start);
    await write(second);
    await watching.check();
    await watching.check();
    now += minute;
    await watching.check();
    await watching.check();
    const [fresh, old] = kids(second.keys);
    expect(taken.map((keys) => kids(keys.signingKeys))).toEqual([
      [old, fresh],
      [fresh, old],
    ]);
  });

  it('keeps a broken, emptied or missing file out, and takes the next good one', async () => {
    const first = await turn(undefined, start);
    await write(first);
    const watching = watch({ signingKeys: first.keys, launchKeys: [] });
    const [key] = first.keys;
    for (const broken of ['', '{', '{"keys":[]}', keyFileText({ keys: [{ ...key, n: 'AQAB' }] })]) {
      await write(broken);
      await watching.check();
    }
    await rm(join(folder, 'signing-keys.json'));
    await watching.check();
    expect(taken).toEqual([]);
    const second = await turn(first, start);
    await write(second);
    await watching.check();
    expect(taken).toHaveLength(1);
  });

  it('goes on with the keys that it has where new ones cannot be taken', async () => {
    const first = await turn(undefined, start);
    let tries = 0;
    const watching = watch({ signingKeys: first.keys, launchKeys: [] }, () => {
      tries += 1;
      throw new Error('no');
    });
    await write(await turn(first, start));
    await watching.check();
    await watching.check();
    expect(tries).toBe(1);
  });
});
