import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { hostSchema } from './schema.ts';
import { demoIds, unsafe } from './safety.ts';

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
  ])('%s may not, in a sentence that says what to set @1 @231 @301', (url) =>
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

describe('the template of a link', () => {
  const of = (template: string, cipher: string): readonly string[] =>
    (
      hostSchema.safeParse({
        id: 'link',
        name: 'Peak Practice',
        organisation: 'M83001',
        roles: ['R8000'],
        door: 'encrypted-link',
        issuer: 'https://id.example',
        clientId: 'ohc',
        keyEnv: 'LINK_KEY',
        cipher,
        template,
      }).error?.issues ?? []
    ).map((issue) => issue.message);

  it.each([
    ['nhs={nhsNumber}&dob={birthDate}', 'aes-256-gcm', undefined],
    ['{nhsNumber}|{birthDate}|{time}', 'aes-256-cbc', undefined],
    ['nhs={nhsNumber}&dob={birthDate}', 'aes-256-cbc', /\{time\}/],
    ['nhs={nhsNumber}', 'aes-256-gcm', /both/],
    ['{nhsNumber}{nhsNumber}{birthDate}', 'aes-256-gcm', /each once/],
    ['{nhsNumber}{birthDate}{user}', 'aes-256-gcm', /no placeholders but/],
  ] as const)('%s with %s', (template, cipher, fault) => {
    expect(of(template, cipher)).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
  });
});
