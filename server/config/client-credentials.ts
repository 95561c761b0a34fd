import type { JWK } from 'jose';
import type { Config } from './config.ts';
import { isLoopback } from './environment.ts';
import { linkKeyOf } from './link-key.ts';
import type { Host, SignedContextHost, SmartHost } from './schema.ts';

type Lacking = readonly string[];

/** What a SMART host's entry itself lacks, or must not have. */
function faultsOfEntry({ id, iss, scope }: SmartHost): Lacking {
  const lines: string[] = [];
  if (!iss.startsWith('https:') && !isLoopback(iss))
    lines.push(`hosts.json: ${id} has an iss that is not https. Tokens go over https alone, but for this machine.`);
  const missing = ['openid', 'launch'].filter((word) => !scope.split(' ').includes(word));
  if (missing.length > 0)
    lines.push(
      `hosts.json: ${id} has a scope without ${missing.join(' and ')}. Without openid nobody would know who looks, without launch at whom.`,
    );
  return lines;
}

/** What is missing to prove ourselves at a host's authorization server, or at its OpenID provider. */
function withoutProof(
  { id, clientAuth, secretEnv }: Exclude<Host, SignedContextHost>,
  env: NodeJS.ProcessEnv,
  launchKeys: readonly JWK[],
): Lacking {
  switch (clientAuth) {
    case 'none':
      return [];
    case 'client_secret_basic':
      if (secretEnv === undefined)
        return [
          `hosts.json: ${id} has clientAuth client_secret_basic and no secretEnv. Name the environment variable that holds the secret.`,
        ];
      return env[secretEnv]
        ? []
        : [`hosts.json: ${id} wants a client secret in ${secretEnv}, and the environment has none.`];
    case 'private_key_jwt':
      return launchKeys.some(({ alg }) => alg === 'RS384' || alg === 'ES384')
        ? []
        : [
            `hosts.json: ${id} has clientAuth private_key_jwt, and SECRETS_DIR has no launch-keys.json with an RS384 or ES384 key. Make one on loopback (it is made at the first start) and give every server the same.`,
          ];
  }
}

/**
 * What this server lacks to deal with the hosts that are configured, a sentence each: the proof of itself, the key of
 * their links. Refused at the start: it would be found out by a clinician.
 * @param launchKeys see `Secrets`
 */
export function missingCredentials(config: Config, env: NodeJS.ProcessEnv, launchKeys: readonly JWK[]): Lacking {
  return config.hosts.flatMap((host) => {
    if (host.door === 'signed-context') return [];
    const lines = [...(host.door === 'smart' ? faultsOfEntry(host) : []), ...withoutProof(host, env, launchKeys)];
    if (host.door === 'encrypted-link' && linkKeyOf(host, env) === undefined)
      lines.push(
        `hosts.json: ${host.id} wants the key of its links in ${host.keyEnv}: 32 bytes as 64 hex digits or as base64. The environment has no such key.`,
      );
    return lines;
  });
}
