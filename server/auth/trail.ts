import type { EventEmitter } from 'node:events';
import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Audit, AuditEntry } from '../audit/entry.ts';
import { causeOf } from '../launch/cause.ts';
import type { Logger } from '../log.ts';

/** A reason is for a report: what a client sent may be in it, and is kept to one short line without a number in it. */
const longestReason = 200;
const numberLike = /\d{3}[ -]?\d{3}[ -]?\d{4}/g;

function lineOf(why: string): string {
  return why
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(numberLike, '[number]')
    .slice(0, longestReason);
}

/**
 * Keeps what the authorization server refused, with its reason, and what it gave to clients without a user. The library's
 * own answers are generic; what really was wrong goes to the log and the audit trail.
 * @param passedOn true for a request that was sent on rather than refused
 */
export function keepTrail(
  provider: Provider,
  { audit, log }: { readonly audit: Audit; readonly log: Logger },
  passedOn: (ctx: KoaContextWithOIDC) => boolean,
): {
  /** Keeps a refusal that came before the library saw the request. */
  readonly refused: (route: string, error: string, why: string, clientId?: string) => void;
  /** Waits until all of them are on the audit trail. */
  readonly written: () => Promise<void>;
} {
  const pending = new Set<Promise<void>>();

  function keep(entry: Pick<AuditEntry, 'outcome' | 'reason' | 'detail'>, clientId: string | undefined): void {
    const written = audit
      .record({ type: 'authorization', action: 'E', ...entry, ...(clientId === undefined ? {} : { clientId }) })
      .catch((cause: unknown) => log.error({ cause: causeOf(cause) }, 'an act of authorization could not be audited'))
      .finally(() => pending.delete(written));
    pending.add(written);
  }

  function refused(route: string, error: string, reason: string, clientId?: string): void {
    const why = lineOf(reason);
    log.info({ route, error, why, clientId }, 'refused');
    keep({ outcome: 'refused', reason: error, detail: { route, why } }, clientId);
  }

  const refusedBy = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void => {
    if (passedOn(ctx)) return;
    // The detail is for us alone; where there is none, the client was told all.
    const why = error.error_detail ?? error.error_description ?? '';
    refused(ctx.oidc.route, error.error, why, ctx.oidc.client?.clientId);
  };
  provider.on('grant.success', (ctx: KoaContextWithOIDC) => {
    const token = ctx.oidc.entities.ClientCredentials;
    // A launch is on the trail from its authorization on.
    if (token !== undefined) keep({ outcome: 'success', detail: { scopes: [...token.scopes] } }, token.clientId);
  });
  provider.on('authorization.error', refusedBy);
  provider.on('grant.error', refusedBy);
  provider.on('introspection.error', refusedBy);
  provider.on('revocation.error', refusedBy);
  // Koa's own: a connection that broke while it was answered. Without a listener it goes to the console.
  const koa: EventEmitter = provider;
  koa.on('error', (error: Error) => log.warn({ cause: causeOf(error) }, 'authorization server: broken answer'));
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) =>
    log.error({ route: ctx.oidc.route, cause: causeOf(error) }, 'authorization server failed'),
  );
  return {
    refused,
    written: async () => {
      await Promise.all(pending);
    },
  };
}
