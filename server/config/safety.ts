import type { Config } from './config.ts';
import { isLoopback } from './environment.ts';
import { linkKeyOf } from './link-key.ts';

/** What makes a base URL unsafe to serve records from, a sentence each. */
export function unsafe(baseUrl: string): readonly string[] {
  if (baseUrl.startsWith('https:') || isLoopback(baseUrl)) return [];
  return [
    `BASE_URL is ${baseUrl}: away from this machine a record may only be served over https. Set BASE_URL to the public https URL.`,
  ];
}

/** Everything in the configuration that only the demo may use: ids and key ids that begin `demo-`. */
export function demoIds(config: Config): readonly string[] {
  const hosts = config.hosts.flatMap((host) => [
    { file: 'hosts.json', id: host.id },
    ...(host.door === 'signed-context'
      ? (host.jwks?.keys ?? []).map((key) => ({ file: 'hosts.json', id: key.kid }))
      : []),
  ]);
  const clients = config.clients.flatMap((client) => [
    { file: 'clients.json', id: client.clientId },
    ...(client.jwks?.keys ?? []).map((key) => ({ file: 'clients.json', id: key.kid })),
  ]);
  const sources = config.sources.map((source) => ({ file: 'sources.json', id: source.id }));
  return [...hosts, ...clients, ...sources]
    .filter(({ id }) => id.startsWith('demo-'))
    .map(
      ({ file, id }) =>
        `${file}: ${id} is the demo's and cannot be served. Remove it, or run \`npm start\` for the demo.`,
    );
}

/**
 * What the contract of the configuration knows and this version does not do yet. Refused at the start: a source that is
 * asked without the credentials it names, or a door that is configured and shut, would be found out by a clinician.
 */
export function notServedYet(config: Config): readonly string[] {
  const doors = config.hosts
    .filter((host) => host.door === 'smart')
    .map(
      ({ id, door }) =>
        `hosts.json: ${id} comes through the door ${door}, which this version does not open yet. Use signed-context.`,
    );
  const auths = config.sources
    .filter(({ auth }) => auth.type !== 'none' && auth.type !== 'gp-connect-jwt')
    .map(
      ({ id, auth }) =>
        `sources.json: ${id} wants auth ${auth.type}, which this version cannot do yet. Use none or gp-connect-jwt.`,
    );
  return [...doors, ...auths];
}

/** What the doors at which users sign in need of the environment and have not, a sentence each. */
export function missingKeys(config: Config, env: NodeJS.ProcessEnv): readonly string[] {
  return config.hosts.flatMap((host) => {
    if (host.door !== 'sign-in' && host.door !== 'encrypted-link') return [];
    const lines: string[] = [];
    if (host.clientAuth === 'client_secret_basic' && (host.secretEnv === undefined || !env[host.secretEnv]))
      lines.push(
        host.secretEnv === undefined
          ? `hosts.json: ${host.id} has clientAuth client_secret_basic and no secretEnv. Name the environment variable that holds the secret.`
          : `hosts.json: ${host.id} wants a client secret in ${host.secretEnv}, and the environment has none.`,
      );
    if (host.door === 'encrypted-link' && linkKeyOf(host, env) === undefined)
      lines.push(
        `hosts.json: ${host.id} wants the key of its links in ${host.keyEnv}: 32 bytes as 64 hex digits or as base64. The environment has no such key.`,
      );
    return lines;
  });
}
