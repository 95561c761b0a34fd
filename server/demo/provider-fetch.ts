import type { Configuration } from 'oidc-provider';

/**
 * Fetches the keys of a client. The library does not reach addresses of this machine, so that nobody makes it call a
 * neighbour; everything of the demo is on this machine, and its clients are written down.
 */
export const providerFetch: NonNullable<Configuration['fetch']> = (url, options = {}) => {
  const { method = 'GET', headers = {}, signal = null } = options;
  return fetch(url, { method, headers, signal, redirect: 'error' });
};
