import type { JWK } from 'jose';
import type { Config } from './config.ts';
import { isLoopback } from './environment.ts';
import type { SmartHost } from './schema.ts';

/** What a SMART host's entry itself lacks, or must not have. */
function faultsOf({ id, iss, scope, clientAuth, secretEnv }: SmartHost): readonly string[] {
  const lines: string[] = [];
  if (!iss.startsWith('https:') && !isLoopback(iss))
    lines.push(`hosts.json: ${id} has an iss that is not https. Tokens go over https alone, but for this machine.`);
  const missing = ['openid', 'launch'].filter((word) => !scope.split(' ').includes(word));
  if (missing.length > 0)
    lines.push(
      `hosts.json: ${id} has a scope without ${missing.join(' and ')}. Without openid nobody would know who looks, without launch at whom.`,
    );
  if (clientAuth === 'client_secret_basic' && secretEnv === undefined)
    lines.push(
      `hosts.json: ${id} has clientAuth client_secret_basic and no secretEnv. Name the environment variable that holds the secret.`,
    );
  return lines;
}

/**
 * What this server lacks to prove itself to the hosts that are configured, a sentence each. Refused at the start: it
 * would be found out by a clinician.
 * @param launchKeys see `Secrets`
 */
export function missingCredentials(
  config: Config,
  env: NodeJS.ProcessEnv,
  launchKeys: readonly JWK[],
): readonly string[] {
  const canSign = launchKeys.some(({ alg }) => alg === 'RS384' || alg === 'ES384');
  return config.hosts.flatMap((host) => {
    if (host.door === 'signed-context') return [];
    const lines = host.door === 'smart' ? [...faultsOf(host)] : [];
    const { id, clientAuth, secretEnv } = host;
    if (host.door === 'smart' && clientAuth === 'client_secret_basic' && secretEnv !== undefined && !env[secretEnv])
      lines.push(`hosts.json: ${id} wants a client secret in ${secretEnv}, and the environment has none.`);
    if (clientAuth === 'private_key_jwt' && !canSign)
      lines.push(
        `hosts.json: ${id} has clientAuth private_key_jwt, and SECRETS_DIR has no launch-keys.json with an RS384 or ES384 key. Make one on loopback (it is made at the first start) and give every server the same.`,
      );
    return lines;
  });
}
