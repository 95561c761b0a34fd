import { errors, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import { text, texts } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Client } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import { lookedAt, type LaunchContext } from '../launch/context.ts';
import type { LaunchGrant, LaunchGrants } from './launch-grant.ts';
import type { RequestWork } from './request-work.ts';
import { grantedScopes } from './scope.ts';

/** Keeps an app's own authorization request, and gives the URL of the sign-in at which its user begins. */
export type BeginStandalone = (params: Readonly<Record<string, string>>) => Promise<string>;

/** What an authorization request is answered with. */
export type LaunchRequestDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly audit: Audit;
  readonly grants: LaunchGrants;
  readonly work: RequestWork;
  readonly client: (clientId: string) => Client | undefined;
  readonly accountId: (context: LaunchContext) => string;
  readonly grantPayload: (grant: LaunchGrant) => AdapterPayload;
  /** Absent where nobody can sign in here: then a launch always begins at a host. */
  readonly beginStandalone?: BeginStandalone | undefined;
};

/** The scopes of a request are a line of text, not a book: each is compared with each that is allowed. */
const longestScope = 8_000;

/** A parameter that the request gave once, as it was given. */
export function paramOf(ctx: KoaContextWithOIDC, name: string): string | undefined {
  return text(ctx.oidc.params?.[name]);
}

/** The request as the app sent it: the library has taken some of `scope` away by the time that we are asked. */
function rawParams({ method, query, oidc }: KoaContextWithOIDC): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, unknown>> = (method === 'POST' ? oidc.body : query) ?? {};
  return Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** The steps of an authorization request that are SMART's: from `aud` and `launch` to a grant of its own. */
export function createLaunchRequest(deps: LaunchRequestDeps) {
  const { config, baseUrl, audit, grants, work, accountId } = deps;
  const fhirBase = `${baseUrl}/fhir`;
  const begun = new WeakMap<KoaContextWithOIDC, LaunchGrant>();
  const elsewhere = new WeakMap<object, string>();

  /** Before the launch, which the request uses up. */
  function checkAudience(ctx: KoaContextWithOIDC, aud: string | undefined): void {
    // `resource` is another word for `aud`; where both are given both have to be ours.
    const resource = texts(ctx.oidc.params?.['resource']);
    if (aud === undefined && rawParams(ctx)['resource'] === undefined)
      throw new errors.InvalidRequest('aud is required');
    if ([...(aud === undefined ? [] : [aud]), ...resource].some((one) => one !== fhirBase))
      throw new errors.InvalidTarget();
    if (paramOf(ctx, 'state') === undefined) throw new errors.InvalidRequest('state is required');
    if ((rawParams(ctx)['scope'] ?? '').length > longestScope) throw new errors.InvalidScope('scope is too long', '');
  }

  /** Takes the handle, narrows the scopes to client and role, and signs the user in for this one request. */
  async function begin(ctx: KoaContextWithOIDC, handle: string | undefined, clientId: string): Promise<void> {
    const { params, session } = ctx.oidc;
    const client = deps.client(clientId);
    if (client === undefined || params === undefined || session === undefined)
      throw new errors.InvalidClient('client is not registered');
    const asked = rawParams(ctx)['scope'] ?? '';
    if (handle === undefined) throw await withoutLaunch(ctx, asked);
    try {
      const grant = await grants.begin(handle, clientId, (context) => grantedFor(asked, client, context));
      begun.set(ctx, grant);
      // A partial grant: from here on the request asks for what the role may have, in the narrower words.
      params['scope'] = grant.scopes.join(' ');
      session.loginAccount({ accountId: accountId(grant.context), transient: true });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'handle-unknown') throw error;
      const why = error.detail ?? error.code;
      await audit.record({
        type: 'authorization',
        action: 'E',
        outcome: 'refused',
        reason: error.code,
        clientId,
        detail: { why },
      });
      throw new errors.InvalidRequest('launch is unknown, used or expired', 400, why);
    }
  }

  function grantedFor(asked: string, client: Client, context: LaunchContext): readonly string[] {
    const role = config.roles.find((one) => one.code === context.role)?.scopes ?? [];
    const { patient, hostRecord, encounter } = context;
    const told: Readonly<Record<string, boolean>> = {
      'launch/patient': patient !== undefined || hostRecord !== undefined,
      'launch/encounter': encounter !== undefined,
    };
    // A context that there is none of is not promised.
    return grantedScopes(asked, client.scope, role).filter((scope) => told[scope] !== false);
  }

  /** An app that begins by itself: its user signs in first, in a window of its own, and then it comes back. */
  async function withoutLaunch(ctx: KoaContextWithOIDC, asked: string): Promise<Error> {
    const scopes = asked.split(' ');
    const wanted = scopes.some((scope) => scope === 'launch/patient' || /^(patient|user)\//.test(scope));
    if (deps.beginStandalone === undefined || scopes.includes('launch') || !wanted)
      return new errors.InvalidRequest('launch is required');
    if (ctx.oidc.prompts.has('none')) return new errors.LoginRequired('the user has to sign in');
    if (/^(iframe|frame|embed|object)$/.test(ctx.get('sec-fetch-dest')))
      return new errors.AccessDenied('a standalone launch needs a window of its own');
    elsewhere.set(ctx.req, await deps.beginStandalone(rawParams(ctx)));
    return new errors.LoginRequired('the user is sent to sign in');
  }

  /** The library's grant of the launch that this request has begun; none without one, and never an older one. */
  async function grantOf(ctx: KoaContextWithOIDC): Promise<AdapterPayload | undefined> {
    const grant = begun.get(ctx);
    if (grant === undefined) return undefined;
    const { user, organisation, role, host, clientId } = grant.context;
    const recorded = audit.record({
      type: 'authorization',
      action: 'E',
      outcome: 'success',
      user: { host, id: user.id, name: user.name },
      organisation,
      role,
      clientId,
      launchId: grant.grantId,
      ...lookedAt(grant.context),
      detail: { scopes: grant.scopes },
    });
    await work.beside(recorded);
    return deps.grantPayload(grant);
  }

  return {
    checkAudience,
    begin,
    grantOf,
    /** Where a request is sent to sign in, instead of the answer that the library makes of it. */
    signInOf: (request: object): string | undefined => elsewhere.get(request),
  };
}
