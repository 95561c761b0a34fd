import type { Provider } from 'oidc-provider';
import type { Config } from '../config/config.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { bearerOf } from './bearer.ts';
import type { LaunchGrants } from './launch-grant.ts';
import type { RequestWork } from './request-work.ts';
import { narrow } from './scope.ts';

/** What a request's token is checked against. */
export type SessionDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly provider: Provider;
  readonly grants: LaunchGrants;
  readonly work: RequestWork;
  /** True while a client's registration stands. */
  readonly isRegistered: (clientId: string | undefined) => boolean;
};

function invalid(detail: string): Fault {
  return new Fault('token-invalid', 'The access token is not valid, or no longer.', { detail });
}

/** Makes what finds the launch of a request: see `Authorization.verify`. */
export function createSessions({ config, baseUrl, provider, grants, work, isRegistered }: SessionDeps) {
  /** A token that is no launch's: a client's own, by which nobody looks, or none at all. */
  async function withoutLaunch(bearer: string): Promise<Fault> {
    const token = await provider.ClientCredentials.find(bearer);
    if (token?.isValid !== true || !isRegistered(token.clientId)) return invalid('unknown or expired');
    return new Fault('not-permitted', 'A client without a user reads nobody’s record.', {
      detail: `client ${token.clientId} has no user`,
    });
  }

  async function sessionOf(authorizationHeader: string | undefined): Promise<LaunchSession> {
    if (authorizationHeader === undefined) throw new Fault('token-missing', 'An access token is needed.');
    const bearer = bearerOf(authorizationHeader);
    if (bearer === undefined) throw invalid('no bearer token');
    const token = await provider.AccessToken.find(bearer);
    if (token === undefined) throw await withoutLaunch(bearer);
    if (!token.isValid || token.aud !== `${baseUrl}/fhir` || token.grantId === undefined)
      throw invalid('expired, or for another audience');
    const launch = await grants.find(token.grantId);
    if (launch === undefined) throw invalid('the launch has ended');
    if (token.clientId === undefined || !isRegistered(token.clientId))
      throw invalid('the client is not registered, or has ended');
    if (!config.hosts.some((host) => host.id === launch.context.host)) throw invalid('the host is not registered');
    // What a role has lost since the token was made, it has lost in open launches too.
    const role = config.roles.find((one) => one.code === launch.context.role)?.scopes ?? [];
    return {
      launchId: launch.grantId,
      clientId: token.clientId,
      scopes: narrow([...token.scopes], role),
      context: launch.context,
    };
  }

  // Its token and its launch are read together.
  return (authorizationHeader: string | undefined) => work.during(() => sessionOf(authorizationHeader));
}
