/** The hosts of `hosts.json` whose users sign in at the demo's care identity. */
export const identityHostIds = ['demo-on-call', 'demo-peakside', 'demo-peakside-cbc'] as const;
