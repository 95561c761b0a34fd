import type { EncryptedLinkHost } from './schema.ts';

const keyBytes = 32;

/**
 * The AES key of a host that encrypts its links: 32 bytes, as 64 hex digits or as base64, in the environment variable
 * that the host's `keyEnv` names. Undefined where it is missing or is not that.
 */
export function linkKeyOf(host: EncryptedLinkHost, env: NodeJS.ProcessEnv): Buffer | undefined {
  const given = env[host.keyEnv]?.trim() ?? '';
  if (/^[0-9a-f]{64}$/i.test(given)) return Buffer.from(given, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(given)) return undefined;
  const key = Buffer.from(given, 'base64');
  return key.length === keyBytes ? key : undefined;
}
