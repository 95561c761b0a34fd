import { compactDecrypt, decodeProtectedHeader, importJWK, type CryptoKey, type JWK } from 'jose';
import type { Fault } from '../../fault.ts';
import { refuse } from '../page/refusal.ts';

/** How a context may be encrypted to this server. Everything else is refused before a key is touched. */
const keyManagement = ['ECDH-ES+A256KW', 'RSA-OAEP-256'];
const contentEncryption = ['A256GCM', 'A256CBC-HS512'];

/** The longest JWS in base64url, its encrypted key and its header. */
const longestJwe = 24_576;

/** Imported once: a key lives as long as its JWK. */
const imported = new WeakMap<JWK, Promise<CryptoKey>>();

function privateKeyOf(jwk: JWK): Promise<CryptoKey> {
  const known = imported.get(jwk);
  if (known !== undefined) return known;
  const key = importJWK(jwk, jwk.alg ?? '').then((one) => {
    if (one instanceof Uint8Array) throw new TypeError('a symmetric key');
    return one;
  });
  imported.set(jwk, key);
  return key;
}

function bad(detail: string, cause?: unknown): Fault {
  return refuse('context-malformed', detail, cause);
}

/** The key that the header names, where nothing in the header asks for more than this door does. */
function keyFor(token: string, launchKeys: readonly JWK[]): JWK {
  let header;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    throw bad('a JWE whose header cannot be read', error);
  }
  const { alg = '', enc = '', kid, cty, zip, crit } = header;
  // Compressed: a few bytes could become megabytes before anything is known of who sent them.
  if (zip !== undefined) throw bad('a JWE that is compressed');
  if (crit !== undefined) throw bad('a JWE with crit');
  if (!keyManagement.includes(alg)) throw bad(`a JWE whose alg is none of ${keyManagement.join(', ')}`);
  if (typeof enc !== 'string' || !contentEncryption.includes(enc))
    throw bad(`a JWE whose enc is none of ${contentEncryption.join(', ')}`);
  if (typeof cty !== 'string' || cty.toUpperCase() !== 'JWT') throw bad('a JWE whose cty is not JWT');
  if (!launchKeys.some((key) => key.use === 'enc' || keyManagement.includes(key.alg ?? '')))
    throw bad('a JWE, and this server has no key to open it: SECRETS_DIR needs launch-keys.json');
  const key = launchKeys.find((one) => one.kid === kid && one.alg === alg);
  if (key === undefined) throw bad('a JWE for a key that this server does not have');
  return key;
}

/** True for a token in the compact form of a JWE: five parts. */
export function isJwe(token: string): boolean {
  return token.split('.', 6).length === 5;
}

/**
 * Opens an encrypted context (a compact JWE) and gives the JWS that is in it, still unproved. Whoever has the public key
 * can encrypt, so this proves nothing: it keeps what is in the context from whoever sees the URL.
 * @throws {Fault} `context-malformed`; the page is the same whatever was wrong
 */
export async function openJwe(token: string, launchKeys: readonly JWK[]): Promise<string> {
  if (token.length > longestJwe) throw bad('longer than any context');
  const key = await privateKeyOf(keyFor(token, launchKeys));
  let inner: string;
  try {
    const { plaintext } = await compactDecrypt(token, key, {
      keyManagementAlgorithms: keyManagement,
      contentEncryptionAlgorithms: contentEncryption,
    });
    inner = new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch (error) {
    throw bad('a JWE that could not be decrypted', error);
  }
  if (isJwe(inner)) throw bad('a JWE within a JWE');
  return inner;
}
