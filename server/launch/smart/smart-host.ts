import type { JWK } from 'jose';
import { customFetch, type Configuration, type CustomFetch } from 'openid-client';
import type { SmartHost } from '../../config/schema.ts';
import { guardedFetch, relyingPartyAt, type Fetch } from '../openid/relying-party.ts';
import { discoverHost } from './discovery.ts';

/** How long what a host says of itself stands. */
const keptMs = 5 * 60_000;

/** This server as a client of one host. */
export type HostParty = {
  /** For a launch: an id token is verified whole. */
  readonly launch: Configuration;
  /** For refresh and revocation, where the user is proved already: an id token that comes again is not looked at. */
  readonly refresh: Configuration;
};

/** Finds out how a host is spoken with. It throws the faults of {@link discoverHost}. */
export type SmartHosts = (host: SmartHost) => Promise<HostParty>;

/**
 * SMART allows a refresh to answer with an id token, and there are hosts whose second one is not whole (the public SMART
 * launcher leaves out `aud`). Nothing is read from it: it does not end the refresh.
 */
function withoutIdToken(fetchIt: Fetch): Fetch {
  return async (url, init) => {
    const answer = await fetchIt(url, init);
    if (!answer.ok || answer.headers.get('content-type')?.includes('json') !== true) return answer;
    const { id_token: _again, ...rest } = (await answer.json()) as Record<string, unknown>;
    return Response.json(rest, { status: answer.status });
  };
}

/** Asks each host once in five minutes; those who come at the same time wait for one answer. A failure is not kept. */
export function createSmartHosts(deps: { readonly launchKeys: readonly JWK[]; readonly fetch?: Fetch }): SmartHosts {
  const known = new Map<string, { readonly at: number; readonly party: Promise<HostParty> }>();
  const fetchIt = guardedFetch(deps.fetch);

  async function meet(host: SmartHost): Promise<HostParty> {
    const server = await discoverHost(host.iss, fetchIt);
    const [launch, refresh] = await Promise.all([
      relyingPartyAt(server, host, deps.launchKeys, deps.fetch),
      relyingPartyAt(server, host, deps.launchKeys, deps.fetch),
    ]);
    refresh[customFetch] = withoutIdToken(fetchIt) as CustomFetch;
    return { launch, refresh };
  }

  return (host) => {
    const now = Date.now();
    const kept = known.get(host.id);
    if (kept !== undefined && now - kept.at < keptMs) return kept.party;
    const party = meet(host);
    known.set(host.id, { at: now, party });
    party.catch(() => {
      if (known.get(host.id)?.party === party) known.delete(host.id);
    });
    return party;
  };
}
