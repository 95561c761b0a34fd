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
  ])('%s may not, in a sentence that says what to set', (url) =>
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

  it('is also a sandbox that was registered for a run of the demo', async () => {
    const { hosts, ...rest } = await loadConfig('smart-config');
    const [host] = hosts;
    if (host === undefined) throw new Error('the shipped configuration has one');
    const sandboxes = ['sandbox-launcher', 'sandbox-1', 'epr-sandbox'].map((id) => ({ ...host, id }));
    expect(
      demoIds({ ...rest, sources: [], clients: [], hosts: sandboxes }).map((line) => line.split(' is ')[0]),
    ).toEqual(['hosts.json: sandbox-launcher', 'hosts.json: sandbox-1']);
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

  it('is refused by name: credentials that would not be sent', async () => {
    const { sources, ...rest } = await loadConfig('smart-config');
    const [source] = sources;
    if (source === undefined) throw new Error('the shipped configuration has one');
    const auth = { type: 'smart-backend', clientId: 'ohc', keyId: 'k' } as const;
    const found = notServedYet({ ...rest, sources: [{ ...source, auth }] });
    expect(found).toEqual([expect.stringContaining('smart-backend')]);
  });
});
