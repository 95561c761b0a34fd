import { loadConfig, type Config } from './config.ts';
import { isLoopback } from './environment.ts';

/** What makes a base URL unsafe to serve records from, a sentence each. */
export function unsafe(baseUrl: string): readonly string[] {
  if (baseUrl.startsWith('https:') || isLoopback(baseUrl)) return [];
  return [
    `BASE_URL is ${baseUrl}: away from this machine a record may only be served over https. Set BASE_URL to the public https URL.`,
  ];
}

/** Everything in the configuration that only the demo may use: ids and key ids that begin `demo-` or `sandbox-`. */
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
    .filter(({ id }) => id.startsWith('demo-') || id.startsWith('sandbox-'))
    .map(
      ({ file, id }) =>
        `${file}: ${id} is the demo's and cannot be served. Remove it, or run \`npm start\` for the demo.`,
    );
}

/**
 * Reads the configuration and checks all of it that a server must not serve without, at its start and at every change.
 * @throws {ConfigError} or an error with a sentence for each fault, a line each
 */
export async function loadServable(folder: string, baseUrl: string, env: NodeJS.ProcessEnv): Promise<Config> {
  const config = await loadConfig(folder);
  const faults = [...unsafe(baseUrl), ...(env['OHC_DEMO'] === '1' ? [] : demoIds(config))];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return config;
}
