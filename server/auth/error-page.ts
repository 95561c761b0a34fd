import type { Configuration } from 'oidc-provider';
import type { Region } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import { faultPage, faultStatus } from '../launch/page/page.ts';
import { refuse } from '../launch/page/refusal.ts';

/** The page for an error that may not be redirected: fixed words, in no frame, with nothing of the request in it. */
export function errorPage(region: Region): NonNullable<Configuration['renderError']> {
  return (ctx, { error }) => {
    const ours = error === 'server_error';
    const fault = ours
      ? new Fault('exception', '')
      : refuse(error === 'invalid_client' ? 'context-client' : 'invalid-request', error);
    const status = faultStatus(fault);
    // To a program a refused request is a bad one, whatever the page says.
    ctx.status = ours ? 500 : status === 403 ? 400 : status;
    ctx.type = 'html';
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    ctx.set('X-Frame-Options', 'DENY');
    ctx.body = faultPage(fault, region);
  };
}
