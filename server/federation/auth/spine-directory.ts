import { object, objects, text } from '../../../src/fhir/json.ts';
import { isResource, type Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Http } from '../http.ts';
import { baseOf } from '../resolver.ts';
import { SourceError } from '../source-error.ts';
import { createKept, type Kept } from './kept.ts';

/** Where a practice's GP Connect server is, and what the Spine knows it by. */
export type SpineAddress = { readonly asid: string; readonly baseUrl: string };

export type SpineDirectory = {
  /** @throws {SourceError} `credentials` where the directory refuses us or lists none; what asking it throws */
  readonly find: (ods: string, interaction: string, signal: AbortSignal) => Promise<SpineAddress>;
};

const hourMs = 3_600_000;
/** Of one organisation. While a practice changes its system it may have two, one of them without an address. */
const mostDevices = 3;

const id = {
  interaction: 'https://fhir.nhs.uk/Id/nhsServiceInteractionId',
  partyKey: 'https://fhir.nhs.uk/Id/nhsMhsPartyKey',
  asid: 'https://fhir.nhs.uk/Id/nhsSpineASID',
} as const;

function identifierOf(resource: Resource, of: string): string | undefined {
  return objects(resource['identifier'])
    .filter((one) => text(one['system']) === of)
    .map((one) => text(one['value']))
    .find((value) => value !== undefined);
}

/** A base URL as the directory lists it: of a server, over TLS, with nothing that would end up before or behind a path. */
function addressOf(endpoint: Resource): string | undefined {
  const address = text(endpoint['address']);
  if (address === undefined || !URL.canParse(address) || (text(endpoint['status']) ?? 'active') !== 'active')
    return undefined;
  const { protocol, username, password, search, hash } = new URL(address);
  return protocol === 'https:' && `${username}${password}${search}${hash}` === '' ? baseOf(address) : undefined;
}

/**
 * Spine Directory Service, FHIR API: the accredited system of an organisation for an interaction (`Device`), and where
 * it is (`Endpoint`, by the party key of that system). What is found is kept for an hour; one asks for all.
 * @param options.apiKey read at each request
 */
export function createSpineDirectory(options: {
  readonly http: Http;
  readonly baseUrl: string;
  readonly apiKey: () => string | undefined;
  readonly patienceMs: number;
}): SpineDirectory {
  const { http, baseUrl, apiKey, patienceMs } = options;

  const search = async (
    type: 'Device' | 'Endpoint',
    ods: string,
    identifiers: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Resource[]> => {
    const apikey = apiKey();
    if (apikey === undefined) throw new SourceError('credentials', 'no API key for the directory');
    const query = new URLSearchParams([
      ['organization', `${system.odsOrganisation}|${ods}`],
      ...identifiers.map((one) => ['identifier', one]),
    ]);
    const { status, body } = await http.request({
      address: baseUrl,
      method: 'GET',
      url: `${baseOf(baseUrl)}/${type}?${query.toString()}`,
      headers: { apikey, 'x-request-id': crypto.randomUUID() },
      signal,
    });
    if (status >= 300 || !isResource(body) || body.resourceType !== 'Bundle')
      throw new SourceError('credentials', `the directory gave no ${type}: status ${status}`);
    return objects(body['entry'])
      .map((entry) => object(entry['resource']))
      .filter((resource) => isResource(resource))
      .filter((resource) => resource.resourceType === type);
  };

  const find = async (ods: string, interaction: string, signal: AbortSignal): Promise<SpineAddress> => {
    const wanted = `${id.interaction}|${interaction}`;
    const devices = await search('Device', ods, [wanted], signal);
    for (const device of devices.slice(0, mostDevices)) {
      const asid = identifierOf(device, id.asid);
      const partyKey = identifierOf(device, id.partyKey);
      if (asid === undefined || !/^\d{1,12}$/.test(asid) || partyKey === undefined) continue;
      const endpoints = await search('Endpoint', ods, [wanted, `${id.partyKey}|${partyKey}`], signal);
      const address = endpoints.map(addressOf).find((one) => one !== undefined);
      if (address !== undefined) return { asid, baseUrl: address };
    }
    throw new SourceError('credentials', 'the directory lists no system with an address for this practice');
  };

  const known = new Map<string, Kept<SpineAddress>>();
  return {
    find: (ods, interaction, signal) => {
      const key = `${ods} ${interaction}`;
      const kept =
        known.get(key) ??
        createKept<SpineAddress>(
          async (own) => ({ value: await find(ods, interaction, own), keepMs: hourMs }),
          patienceMs,
        );
      known.set(key, kept);
      return kept.get(signal);
    },
  };
}
