import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** The two files of private keys in `SECRETS_DIR`, and the algorithms that each has a key for. */
export const keyFiles = {
  'signing-keys.json': ['RS256'],
  'launch-keys.json': ['RS384', 'ES384', 'RS512', 'ECDH-ES+A256KW', 'RSA-OAEP-256'],
} as const;
export type KeyFileName = keyof typeof keyFiles;

/** What stands in a file of keys. */
export type KeyFile = {
  /** Private JWKS, newest first of each `alg`. */
  readonly keys: readonly JWK[];
  /** ISO instant from which the newest sign. Until then they are published and verify, and those before them sign. */
  readonly signsFrom?: string | undefined;
};

const shared = { kty: z.string(), kid: z.string().min(1), d: z.string().min(1) };
const distinct = (keys: readonly { readonly kid: string }[]): boolean =>
  new Set(keys.map((key) => key.kid)).size === keys.length;
const kidTwice = { error: 'two keys of one kid' };
const schemas = {
  'signing-keys.json': z.object({
    keys: z
      .array(z.looseObject({ ...shared, alg: z.enum(keyFiles['signing-keys.json']).default('RS256') }))
      .min(1)
      .refine(distinct, kidTwice),
    signsFrom: z.iso.datetime().optional(),
  }),
  'launch-keys.json': z.object({
    keys: z.array(z.looseObject({ ...shared, alg: z.enum(keyFiles['launch-keys.json']) })).refine(distinct, kidTwice),
    signsFrom: z.iso.datetime().optional(),
  }),
};

/** Reads the content of a file of keys. A message of what is wrong quotes nothing of the file. */
export function readKeyFile(name: KeyFileName, content: string): z.ZodSafeParseResult<KeyFile> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    json = undefined;
  }
  return schemas[name].safeParse(json);
}

/** What a file of keys looks like on disk. */
export function keyFileText({ signsFrom, keys }: KeyFile): string {
  return `${JSON.stringify({ ...(signsFrom === undefined ? {} : { signsFrom }), keys }, null, 2)}\n`;
}

/** The keys in the order in which they are used at this moment: the first of an `alg` signs, all of them verify. */
export function inForce({ keys, signsFrom }: KeyFile, now: number): readonly JWK[] {
  if (signsFrom === undefined || Date.parse(signsFrom) <= now) return keys;
  const newest = keys.filter((key) => keys.find((one) => one.alg === key.alg) === key);
  return [...keys.filter((key) => !newest.includes(key)), ...newest];
}

/** A new private key for an algorithm, under a `kid` of its own. */
export async function newKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const use = alg.startsWith('ECDH') || alg.startsWith('RSA-OAEP') ? 'enc' : 'sig';
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg, use };
}

/** Rejects where one of the keys is none that can be used. */
export async function checkKeys(keys: readonly JWK[]): Promise<void> {
  for (const key of keys) await importJWK(key, key.alg ?? 'RS256');
}

/** How long the newest keys must have signed before the next rotation drops the ones before them. */
const restMs = 600_000;

/**
 * The file with a new key for each algorithm, and the newest of before, which still verifies: never more than two. The
 * new ones sign from `signsInMs` on, so that no server signs with a key that another does not publish yet.
 * `dropOld`: a key that others may have read neither signs nor verifies from now on.
 * @throws {Error} in a sentence, where the last rotation is not over: what was signed before it would no longer verify
 */
export async function rotated(
  name: KeyFileName,
  before: KeyFile | undefined,
  options: { readonly now: number; readonly signsInMs: number; readonly dropOld: boolean },
): Promise<KeyFile> {
  const { now, signsInMs, dropOld } = options;
  const algs = keyFiles[name];
  const settled = before?.signsFrom === undefined ? now : Date.parse(before.signsFrom) + restMs;
  if (!dropOld && settled > now)
    throw new Error(
      `${name} was rotated a short while ago. Rotate again after ${new Date(settled).toISOString()}, or with --drop-old where a key has become known.`,
    );
  const fresh = await Promise.all(algs.map(newKey));
  const old = dropOld ? [] : algs.flatMap((alg) => before?.keys.find((key) => key.alg === alg) ?? []);
  if (old.length === 0) return { keys: fresh };
  return { signsFrom: new Date(now + signsInMs).toISOString(), keys: [...fresh, ...old] };
}
