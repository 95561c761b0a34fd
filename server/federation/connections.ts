import type { Config } from '../config/config.ts';
import { createBreakers, type Breakers } from './breaker.ts';
import { createCapabilities, type Capabilities } from './capability.ts';
import { createHttp, type Http } from './http.ts';

const hourMs = 3_600_000;

/**
 * What is between this process and the systems that it asks, and outlives a change of the configuration: pools, breakers
 * and what each system can do, by address. A system whose entry did not change keeps all of it.
 */
export type Connections = {
  readonly http: Http;
  readonly breakers: Breakers;
  readonly capabilities: Capabilities;
  /**
   * Tells which configurations are in use: an address that one of before named, and none of these names, is forgotten.
   * What is asked on another's word, such as a directory's, stays.
   */
  readonly retain: (configs: readonly Pick<Config, 'sources' | 'hosts'>[]) => void;
  /** Closes pooled connections. */
  readonly close: () => Promise<void>;
};

/** Every address that a configuration has records read from. */
function addressesOf({ sources, hosts }: Pick<Config, 'sources' | 'hosts'>): readonly string[] {
  return [
    ...sources.flatMap((source) => [
      source.baseUrl,
      ...Object.values(source.practices ?? {}).flatMap((practice) => practice.baseUrl ?? []),
    ]),
    ...hosts.flatMap((host) => (host.door === 'smart' && host.recordAsSource ? [host.iss] : [])),
  ];
}

/** Opens nothing yet: a pool is made when its address is first asked. */
export function createConnections(): Connections {
  const http = createHttp();
  const breakers = createBreakers({ afterFailures: 5, probeAfterMs: 30_000 });
  const capabilities = createCapabilities(hourMs);
  let named: ReadonlySet<string> = new Set();
  return {
    http,
    breakers,
    capabilities,
    retain: (configs) => {
      const now = new Set(configs.flatMap(addressesOf));
      for (const address of named) {
        if (now.has(address)) continue;
        http.forget(address);
        breakers.forget(address);
        capabilities.forget(address);
      }
      named = now;
    },
    close: () => http.close(),
  };
}
