import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { demoIds, notServedYet, unsafe } from './safety.ts';

describe('a base URL', () => {
  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'https://record.example.nhs.uk'])(
    '%s may be served',
    (url) => expect(unsafe(url)).toEqual([]),
  );

  it.each([
    'http://record.example.nhs.uk',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://10.0.0.1',
  ])('%s may not, in a sentence that says what to set @1 @231', (url) =>
    expect(unsafe(url)).toEqual([expect.stringMatching(/BASE_URL.*https/)]),
  );
});

describe('what only the demo may use', () => {
  it('is every host and source of the shipped configuration, and not the viewer', async () => {
    const config = await loadConfig('smart-config');
    const found = demoIds(config);
    expect(found).toHaveLength(config.hosts.length + config.sources.length);
    expect(found.join('\n')).toContain('hosts.json: demo-millbrook');
    expect(found.join('\n')).not.toContain('clients.json');
  });

  it('is also a key or a client whose id begins so', async () => {
    const { hosts, clients, ...rest } = await loadConfig('smart-config');
    const [host] = hosts.filter((one) => one.door === 'signed-context');
    const [client] = clients;
    if (host === undefined || client === undefined) throw new Error('the shipped configuration has both');
    const { jwksUri: _jwksUri, ...keyed } = host;
    const found = demoIds({
      ...rest,
      sources: [],
      hosts: [{ ...keyed, id: 'epr', jwks: { keys: [{ kty: 'EC', kid: 'demo-key' }] } }],
      clients: [{ ...client, clientId: 'demo-app', jwks: { keys: [{ kty: 'EC', kid: 'demo-app-key' }] } }],
    });
    expect(found.map((line) => line.split(' is ')[0])).toEqual([
      'hosts.json: demo-key',
      'clients.json: demo-app',
      'clients.json: demo-app-key',
    ]);
  });
});

describe('what this version does not do yet', () => {
  it('is nothing of what is shipped', async () => expect(notServedYet(await loadConfig('smart-config'))).toEqual([]));

  it('is refused by name: a door that is shut, credentials that would not be sent', async () => {
    const { hosts, sources, ...rest } = await loadConfig('smart-config');
    const [host] = hosts;
    const [source] = sources;
    if (host === undefined || source === undefined) throw new Error('the shipped configuration has both');
    const { id, name, organisation, origins, roles, showsBanner, selfDeclared, launchesPerMinute } = host;
    const shared = { id, name, organisation, origins, roles, showsBanner, selfDeclared, launchesPerMinute };
    const found = notServedYet({
      ...rest,
      hosts: [
        {
          ...shared,
          door: 'sign-in',
          issuer: 'https://idp.example',
          clientId: 'ohc',
          clientAuth: 'private_key_jwt',
          scope: 'openid',
          leastAssurance: 2,
        },
      ],
      sources: [{ ...source, auth: { type: 'smart-backend', clientId: 'ohc', keyId: 'k' } }],
    });
    expect(found).toEqual([expect.stringContaining('sign-in'), expect.stringContaining('smart-backend')]);
  });
});
