import { dayOf } from '../../src/fhir/date.ts';
import type { Config } from '../config/config.ts';
import type { Client } from '../config/schema.ts';

/** True while a client's registration stands: to the end of its last day in London. */
export function stands(client: Client, now: number): boolean {
  if (client.until === undefined) return true;
  const { year, month, day } = dayOf(now);
  const today = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
  return today <= client.until;
}

/** The registered SMART app of that id whose registration stands, with its URIs made absolute; else undefined. */
export function registeredClient(config: Config, baseUrl: string, clientId: string, now: number): Client | undefined {
  const client = config.clients.find((one) => one.clientId === clientId);
  if (client === undefined || !stands(client, now)) return undefined;
  return {
    ...client,
    launchUri: new URL(client.launchUri, baseUrl).href,
    redirectUris: client.redirectUris.map((uri) => new URL(uri, baseUrl).href),
  };
}

/**
 * The origins that a launch of this client leads through. A page whose form ends in one must allow them all, since
 * browsers hold the redirects behind a form to its page's policy.
 */
export function launchOrigins(client: Client): readonly string[] {
  return [...new Set([client.launchUri, ...client.redirectUris].map((uri) => new URL(uri).origin))];
}
