import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Audit } from '../audit/entry.ts';
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
 * Keeps what the authorization server refused, with its reason. The library's own answers are generic; what really was
 * wrong goes to the log and the audit trail.
 * @param passedOn true for a request that was sent on rather than refused
 */
export function watchRefusals(
  provider: Provider,
  { audit, log }: { readonly audit: Audit; readonly log: Logger },
  passedOn: (ctx: KoaContextWithOIDC) => boolean,
): {
  readonly record: (route: string, error: string, why: string, clientId?: string) => void;
  /** Waits until all of them are on the audit trail. */
  readonly written: () => Promise<void>;
} {
  const pending = new Set<Promise<void>>();

  function record(route: string, error: string, reason: string, clientId?: string): void {
    const why = lineOf(reason);
    log.info({ route, error, why, clientId }, 'refused');
    const written = audit
      .record({
        type: 'authorization',
        action: 'E',
        outcome: 'refused',
        reason: error,
        ...(clientId === undefined ? {} : { clientId }),
        detail: { route, why },
      })
      .catch((cause: unknown) => log.error({ cause: causeOf(cause) }, 'a refusal could not be audited'))
      .finally(() => pending.delete(written));
    pending.add(written);
  }

  const refused = (ctx: KoaContextWithOIDC, error: { error: string; error_detail?: string | undefined }): void => {
    if (!passedOn(ctx)) record(ctx.oidc.route, error.error, error.error_detail ?? '', ctx.oidc.client?.clientId);
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('introspection.error', refused);
  provider.on('revocation.error', refused);
  // Koa's own: a connection that broke while it was answered. Without a listener it goes to the console.
  const koa: EventEmitter = provider;
  koa.on('error', (error: Error) => log.warn({ cause: causeOf(error) }, 'authorization server: broken answer'));
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) =>
    log.error({ route: ctx.oidc.route, cause: causeOf(error) }, 'authorization server failed'),
  );
  return {
    record,
    written: async () => {
      await Promise.all(pending);
    },
  };
}
