import type { Response } from 'express';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Client, Host } from '../config/schema.ts';
import { knownOf, type Attempt, type ProvedContext } from './attempt.ts';
import { registeredClient } from './client.ts';
import type { LaunchContext } from './context.ts';
import type { Handles } from './handle.ts';
import { newSecret } from './once.ts';
import { refuse } from './page/refusal.ts';

/** The end of the way in: from a whole context to the app. */
export type HandOver = {
  /**
   * Writes the launch to the audit trail, makes its one-time handle and sends the browser to the app with it.
   * `end`: the fragment of the address, and the handle where it was decided on before.
   * @throws {Fault} `context-role`, `context-malformed`, `context-client`
   */
  readonly handOver: (
    res: Response,
    context: LaunchContext & Pick<ProvedContext, 'resume'>,
    attempt: Attempt,
    end?: { readonly fragment: string; readonly handle?: string },
  ) => Promise<void>;
  /** Sends the browser to the app with a handle that stands already. */
  readonly leave: (res: Response, context: ProvedContext, handle: string, fragment: string) => void;
  /** The app of a launch. @throws {Fault} `context-client` where it is not registered, or no longer */
  readonly clientFor: (context: ProvedContext) => Client;
};

/**
 * Told of each launch that has been handed over, once its handle and its audit row stand. The room above begins to gather
 * the record here. It returns at once and never throws.
 */
export type OnHandedOver = (context: LaunchContext & { readonly gathering: string }, requestId: string) => void;

/** The host of a context. @throws {Fault} `context-issuer` where it is registered no longer */
export function hostOf(config: Config, context: ProvedContext): Host {
  const host = config.hosts.find((one) => one.id === context.host);
  if (host === undefined) throw refuse('context-issuer', 'the host is no longer registered');
  return host;
}

/** Makes it. */
export function createHandOver(deps: {
  readonly config: Config;
  readonly baseUrl: string;
  readonly audit: Audit;
  readonly handles: Handles;
  readonly onHandedOver?: OnHandedOver;
}): HandOver {
  const { config, baseUrl, audit, handles, onHandedOver } = deps;

  async function handOver(
    res: Response,
    { resume, ...proved }: LaunchContext & Pick<ProvedContext, 'resume'>,
    attempt: Attempt,
    end: { readonly fragment: string; readonly handle?: string } = { fragment: '' },
  ): Promise<void> {
    const gathering = onHandedOver === undefined ? undefined : newSecret();
    const context: LaunchContext = { ...proved, ...(gathering === undefined ? {} : { gathering }) };
    attempt.known = knownOf(context);
    const role = config.roles.find((one) => one.code === context.role);
    if (role === undefined) throw refuse('context-role', 'role is not in roles.json');
    if (
      context.patient === undefined &&
      context.hostRecord === undefined &&
      role.scopes.some((scope) => scope.startsWith('patient/'))
    )
      throw refuse('context-malformed', 'no patient, for a role that looks at patients');
    clientFor(context);
    // Beside each other: the handle is worth nothing until it is sent, and it is sent only when both stand.
    const [handle] = await Promise.all([
      handles.issue(context, end.handle),
      audit.record({ type: 'launch', action: 'E', outcome: 'success', ...attempt.known }),
    ]);
    leave(res, { ...context, ...(resume === undefined ? {} : { resume }) }, handle, end.fragment);
    if (gathering !== undefined) onHandedOver?.({ ...context, gathering }, res.req.id);
  }

  /** Sends the browser to the app with the handle. A standalone launch goes on with the app's own request. */
  function leave(res: Response, context: ProvedContext, handle: string, fragment: string): void {
    const client = clientFor(context);
    const { resume } = context;
    const to = new URL(resume === undefined ? client.launchUri : `${baseUrl}/auth/auth`);
    for (const [name, value] of Object.entries(resume ?? { iss: `${baseUrl}/fhir` })) to.searchParams.set(name, value);
    to.searchParams.set('launch', handle);
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).redirect(303, `${to.href}${fragment}`);
  }

  function clientFor(context: ProvedContext): Client {
    const client = registeredClient(config, baseUrl, context.clientId, Date.now());
    if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');
    return client;
  }

  return { handOver, leave, clientFor };
}
