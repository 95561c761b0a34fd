import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { discoverHost } from './discovery.ts';

const iss = 'https://epr.example.nhs.uk/r4';
const smart = {
  issuer: iss,
  jwks_uri: 'https://login.epr.example.nhs.uk/jwks',
  authorization_endpoint: 'https://login.epr.example.nhs.uk/authorize',
  token_endpoint: 'https://login.epr.example.nhs.uk/token',
  revocation_endpoint: 'https://login.epr.example.nhs.uk/revoke',
};
type Documents = Readonly<Record<string, unknown>>;

/** A host that has these documents, by address; and what was asked of it. */
function hostWith(documents: Documents): { readonly fetch: Fetch; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url) => {
      asked.push(url);
      const document = documents[url];
      if (document instanceof Response) return document.clone();
      return document === undefined ? new Response('no', { status: 404 }) : Response.json(document);
    },
  };
}
const at = `${iss}/.well-known/smart-configuration`;
const openIdAt = (issuer: string): string => `${issuer}/.well-known/openid-configuration`;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  );
}

describe('what a SMART host says of itself', () => {
  it('is read at its base and nowhere else, with or without a slash at its end @29 @227', async () => {
    for (const base of [iss, `${iss}/`]) {
      const host = hostWith({
        [at]: { ...smart, issuer: base },
        [openIdAt(iss)]: { issuer: base, jwks_uri: smart.jwks_uri },
      });
      expect(await discoverHost(base, host.fetch)).toMatchObject({
        issuer: base,
        authorization_endpoint: smart.authorization_endpoint,
        token_endpoint: smart.token_endpoint,
        revocation_endpoint: smart.revocation_endpoint,
        jwks_uri: smart.jwks_uri,
      });
      expect(host.asked).toEqual([at, openIdAt(iss)]);
    }
  });

  it('may name addresses relative to its base @378 @379', async () => {
    const host = hostWith({ [at]: { ...smart, token_endpoint: 'auth/token', authorization_endpoint: '/authorize' } });
    expect(await discoverHost(iss, host.fetch)).toMatchObject({
      token_endpoint: `${iss}/auth/token`,
      authorization_endpoint: 'https://epr.example.nhs.uk/authorize',
    });
  });

  it('lets another issuer say where its keys are @218', async () => {
    const issuer = 'https://id.example.nhs.uk';
    const keys = 'https://id.example.nhs.uk/keys';
    const { jwks_uri: _none, ...rest } = smart;
    const host = hostWith({ [at]: { ...rest, issuer }, [openIdAt(issuer)]: { issuer, jwks_uri: keys } });
    expect(await discoverHost(iss, host.fetch)).toMatchObject({ issuer, jwks_uri: keys });
  });

  it('needs no document of the issuer where it names the keys itself', async () => {
    const broken = hostWith({ [at]: smart, [openIdAt(iss)]: new Response('<html>', { status: 200 }) });
    expect(await discoverHost(iss, broken.fetch)).toMatchObject({ jwks_uri: smart.jwks_uri });
  });

  it('never lets an id token be unsigned, or signed with a shared secret', async () => {
    const host = hostWith({ [at]: { ...smart, id_token_signing_alg_values_supported: ['none', 'HS256'] } });
    const { id_token_signing_alg_values_supported: allowed = [] } = await discoverHost(iss, host.fetch);
    expect(allowed).toContain('RS256');
    expect(allowed.filter((alg) => /^(none|HS)/.test(alg))).toEqual([]);
  });

  const name = (more: Documents): Documents => ({ [at]: { ...smart, ...more } });
  it.each([
    ['names no keys, and its issuer neither', { [at]: { ...smart, jwks_uri: undefined } }],
    [
      'has an issuer that says it is another',
      { ...name({}), [openIdAt(iss)]: { issuer: `${iss}/`, jwks_uri: smart.jwks_uri } },
    ],
    ['has no configuration', {}],
    ['has one that is no JSON', { [at]: new Response('<html>') }],
    ['names its token endpoint as a number', name({ token_endpoint: 7 })],
    ['names keys over http', name({ jwks_uri: 'http://login.epr.example.nhs.uk/jwks' })],
    ['names keys at this server', name({ jwks_uri: 'https://localhost/jwks' })],
    ['names keys at this server, by number', name({ jwks_uri: 'https://127.0.0.1/jwks' })],
    ['names keys at this server, by another number', name({ jwks_uri: 'https://2130706433/jwks' })],
    ['names keys at this server, in IPv6', name({ jwks_uri: 'https://[::1]/jwks' })],
    ['names keys at this server, mapped', name({ jwks_uri: 'https://[::ffff:127.0.0.1]/jwks' })],
    ['names keys at this server, with a dot', name({ jwks_uri: 'https://localhost./jwks' })],
    ['names keys at this server, at any address', name({ jwks_uri: 'https://0.0.0.0/jwks' })],
    ['names its issuer at this server', name({ issuer: 'http://127.0.0.1:3000' })],
    ['names its token endpoint at this server', name({ token_endpoint: 'http://localhost:5432/' })],
    ['names its revocation endpoint over http', name({ revocation_endpoint: 'http://epr.example.nhs.uk/revoke' })],
    ['names its authorization endpoint with a password', name({ authorization_endpoint: 'https://a:b@epr.example/' })],
    ['names its authorization endpoint with a fragment', name({ authorization_endpoint: 'https://epr.example/#x' })],
    ['names its authorization endpoint as data', name({ authorization_endpoint: 'data:text/html,x' })],
  ])('is refused where it %s @318', async (_what, documents) => {
    const host = hostWith(documents);
    expect(await codeOf(discoverHost(iss, host.fetch))).toBe('host-answer');
    expect(host.asked.filter((url) => !url.startsWith('https://epr.example.nhs.uk/'))).toEqual([]);
  });

  it.each([500, 502, 503])('is undecided where it answers %i', async (status) => {
    expect(await codeOf(discoverHost(iss, async () => new Response('', { status })))).toBe('undecided');
  });

  it('may be on this machine only where the host is', async () => {
    const here = 'http://127.0.0.1:4000/r4';
    const documents = {
      [`${here}/.well-known/smart-configuration`]: {
        jwks_uri: 'http://localhost:4000/jwks',
        authorization_endpoint: 'http://127.0.0.1:4000/authorize',
        token_endpoint: 'http://127.0.0.1:4000/token',
      },
    };
    expect(await discoverHost(here, hostWith(documents).fetch)).toMatchObject({ issuer: here });
  });
});
