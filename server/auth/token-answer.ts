import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { object, text } from '../../src/fhir/json.ts';
import { causeOf } from '../launch/cause.ts';
import type { Logger } from '../log.ts';
import type { Config } from '../config/config.ts';
import type { LaunchGrants } from './launch-grant.ts';
import type { RequestWork } from './request-work.ts';
import { narrow, staticScopes } from './scope.ts';
import { launchView } from './token-context.ts';

/** What the library's answers are completed from. */
export type TokenAnswerDeps = {
  readonly config: Config;
  readonly grants: LaunchGrants;
  readonly work: RequestWork;
  readonly log: Logger;
  /** Where a request is sent to sign in instead of its answer; see `launch-request.ts`. */
  readonly signInOf: (request: object) => string | undefined;
};

/** The library's words for a grant type that a client may not use; OAuth has a code of its own for that. */
const notForThisClient = 'requested grant type is not allowed for this client';

/**
 * Around each request: its launch is read once, no cookie is set, and the launch context stands beside a token. What a
 * client is told at the exchange is kept in the token itself, and so repeated word for word by each refresh and by
 * introspection.
 */
export function answerAsSmart({
  config,
  grants,
  work,
  log,
  signInOf,
}: TokenAnswerDeps): Parameters<Provider['use']>[0] {
  async function completeToken(ctx: KoaContextWithOIDC): Promise<void> {
    const body = object(ctx.body);
    if (body?.['error_description'] === notForThisClient) ctx.body = { ...body, error: 'unauthorized_client' };
    const token = ctx.oidc.entities.AccessToken;
    if (body?.['access_token'] === undefined || token?.grantId === undefined) return;
    const launch = await grants.find(token.grantId);
    // `fhirUser` is for the id_token and for introspection.
    const { fhirUser: _fhirUser, ...context } = object(token.extra) ?? {};
    const view = launch === undefined ? {} : { __ohc: launchView(config, launch.context) };
    ctx.body = { ...body, ...context, ...view };
  }

  /** What a role has lost since the token was made it has lost here too, as it has at the facade. */
  async function completeIntrospection(ctx: KoaContextWithOIDC): Promise<void> {
    const body = object(ctx.body);
    const scopes = text(body?.['scope'])?.split(' ');
    const grantId = ctx.oidc.entities.AccessToken?.grantId;
    if (body?.['active'] !== true || scopes === undefined || grantId === undefined) return;
    const launch = await grants.find(grantId);
    const role = config.roles.find((one) => one.code === launch?.context.role)?.scopes ?? [];
    const plain = scopes.filter((one) => staticScopes.some((known) => known === one));
    ctx.body = { ...body, scope: [...plain, ...narrow(scopes, role)].join(' ') };
  }

  /** No row, no answer: what this request writes stands, or nothing of what it made is given away. */
  async function standing(ctx: KoaContextWithOIDC): Promise<void> {
    try {
      await work.written();
    } catch (error) {
      log.error({ route: ctx.oidc?.route, cause: causeOf(error) }, 'what a request made could not be kept');
      ctx.remove('Location');
      ctx.status = 500;
      ctx.body = { error: 'server_error', error_description: 'Something went wrong here. Try again in a minute.' };
    }
  }

  return (koa, next) =>
    work.during(async () => {
      await next();
      // The library has made it one by then.
      const ctx = koa as KoaContextWithOIDC;
      await standing(ctx);
      // Nothing here depends on a cookie, and a cookie that is not set is not sent with another launch.
      ctx.remove('Set-Cookie');
      const signIn = signInOf(ctx.req);
      if (signIn !== undefined) {
        ctx.status = 303;
        ctx.body = '';
        ctx.set('Location', signIn);
        return;
      }
      if (ctx.oidc?.route === 'token') await completeToken(ctx);
      if (ctx.oidc?.route === 'introspection') await completeIntrospection(ctx);
    });
}
