import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { inForce, keyFiles, keyFileText, newKey, readKeyFile } from './key-file.ts';

/** The server's own keys. The two byte keys are 32 bytes each. */
export type Secrets = {
  /** Private JWKS: the first signs, all verify. */
  readonly signingKeys: readonly JWK[];
  /** Newest first: the first signs cookies, all verify. */
  readonly cookieKeys: readonly string[];
  /** Makes the facade's ids, and the keyed hashes by which the server knows a person or a secret again. */
  readonly idKey: Buffer;
  /** Seals and hashes what the objections register holds. */
  readonly registerKey: Buffer;
  /**
   * Private JWKS, of each `alg` the one that signs first: `RS384` and `ES384` sign client assertions for hosts, providers and
   * sources, `RS512` those for NHS England's API platform; `ECDH-ES+A256KW` and `RSA-OAEP-256` decrypt contexts. Empty
   * where there is no such file: neither can be done then.
   */
  readonly launchKeys: readonly JWK[];
};

const cookieKeysSchema = z.array(z.string().min(32)).min(1);
const byteKey = z
  .string()
  .transform((value) => Buffer.from(value.trim(), 'base64url'))
  .refine((bytes) => bytes.length === 32, '32 bytes, base64url');

const newKeyFile = async (algs: readonly string[]): Promise<string> =>
  keyFileText({ keys: await Promise.all(algs.map(newKey)) });

const files = {
  'launch-keys.json': () => newKeyFile(keyFiles['launch-keys.json']),
  'signing-keys.json': () => newKeyFile(keyFiles['signing-keys.json']),
  'cookie-keys.json': () => JSON.stringify([randomBytes(32).toString('base64url')]),
  'id-key': () => randomBytes(32).toString('base64url'),
  'register-key': () => randomBytes(32).toString('base64url'),
} as const;
type SecretFile = keyof typeof files;

/** Secrets that are missing or broken, a line each, with what to do. */
export class SecretsError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'SecretsError';
  }
}

async function readOrMake(
  folder: string,
  file: SecretFile,
  mayMake: boolean,
  made: (file: string) => void,
): Promise<string | undefined> {
  const path = join(folder, file);
  const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (existing !== undefined || !mayMake) return existing;
  const content = await files[file]();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Whole before it has its name, and only one can give it: of two processes that start at once, one makes the key and
  // the other reads it.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(content);
  await handle.sync();
  await handle.close();
  const isFirst = await link(draft, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  await unlink(draft);
  if (!isFirst) return readFile(path, 'utf8');
  made(file);
  return content;
}

/**
 * Reads the server's secrets. On loopback what is missing is made (mode 0600) and said through `made`; anywhere else a
 * missing one is an error, since servers that make keys of their own cannot read each other's tokens.
 * @throws {SecretsError} naming each missing or broken file
 */
export async function loadSecrets(
  folder: string,
  options: { readonly mayMake: boolean; readonly made: (file: string) => void },
): Promise<Secrets> {
  const lines: string[] = [];
  const read = async <Value>(
    file: SecretFile,
    parse: (content: string) => z.ZodSafeParseResult<Value>,
  ): Promise<Value | undefined> => {
    const content = await readOrMake(folder, file, options.mayMake, options.made);
    if (content === undefined) {
      // Only for those who need it: a door says so where it finds it missing.
      if (file === 'launch-keys.json') return undefined;
      lines.push(
        `SECRETS_DIR: ${file} is missing. Make one on loopback (it is made at the first start) and give every server the same.`,
      );
      return undefined;
    }
    const parsed = parse(content);
    if (parsed.success) return parsed.data;
    lines.push(`SECRETS_DIR: ${file} cannot be used: ${parsed.error.issues[0]?.message ?? 'not as expected'}.`);
    return undefined;
  };
  const json =
    <Value>(schema: z.ZodType<Value>) =>
    (content: string): z.ZodSafeParseResult<Value> => {
      try {
        return schema.safeParse(JSON.parse(content));
      } catch {
        return schema.safeParse(undefined);
      }
    };
  const signing = await read('signing-keys.json', (content) => readKeyFile('signing-keys.json', content));
  const cookieKeys = await read('cookie-keys.json', json(cookieKeysSchema));
  const idKey = await read('id-key', (content) => byteKey.safeParse(content));
  const registerKey = await read('register-key', (content) => byteKey.safeParse(content));
  const launchKeys = await read('launch-keys.json', (content) => readKeyFile('launch-keys.json', content));
  if (!signing || !cookieKeys || !idKey || !registerKey || lines.length > 0) throw new SecretsError(lines);
  const now = Date.now();
  return {
    signingKeys: inForce(signing, now),
    cookieKeys,
    idKey,
    registerKey,
    launchKeys: launchKeys === undefined ? [] : inForce(launchKeys, now),
  };
}
