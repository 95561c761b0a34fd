import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from '../page/refusal.ts';

/**
 * Lets a form's POST through only from a page of our own: every browser sends `Origin` with it, newer ones
 * `Sec-Fetch-Site` as well. Where both come, both must say so.
 * @throws {Fault} `ticket-unknown`: the page that may send it is the one that we sent
 */
export function requireOwnOrigin(headers: IncomingHttpHeaders, baseUrl: string): void {
  const site = headers['sec-fetch-site'];
  if (headers.origin !== new URL(baseUrl).origin) throw refuse('ticket-unknown', 'the form came from another origin');
  if (site !== undefined && site !== 'same-origin') throw refuse('ticket-unknown', 'the form came from another site');
}
