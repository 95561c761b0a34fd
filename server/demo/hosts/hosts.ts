import { readFile } from 'node:fs/promises';
import { Router } from 'express';
import { createAshgrove } from '../ashgrove/ashgrove.ts';
import { identityHostIds } from '../identity/hosts.ts';
import { createIdentity, identityPath } from '../identity/provider.ts';
import type { SandboxHost } from '../sandbox.ts';
import { frontPage } from './front-page.ts';
import { millbrook, peakside, trentside, type HostPerson, type HostSystem, type SigningHostId } from './host.ts';
import { encryptedLink, linkText } from './link.ts';
import * as millbrookPages from './millbrook.ts';
import { createHostPages, send, type Pages } from './pages.ts';
import { handOver } from './parts.ts';
import * as peaksidePages from './peakside.ts';
import { contextClaims, type HostKeys } from './signing.ts';
import * as trentsidePages from './trentside.ts';

/** What the hosts need to know of the rest of the demo. */
export type HostsOptions = {
  readonly people: readonly HostPerson[];
  readonly practiceName: (ods: string) => string;
  readonly keys: Readonly<Record<SigningHostId, HostKeys>>;
  /** The key of the encrypted links: 32 bytes, the same that the server has. */
  readonly linkKey: Buffer;
  /** The origin of this demo, `http://127.0.0.1:3001`: the hosts' issuers stand under it. */
  readonly demoUrl: string;
  /** The base URL of the server whose viewer is opened. */
  readonly baseUrl: string;
  /** SMART sandboxes that were registered besides. */
  readonly sandboxes?: readonly SandboxHost[];
  readonly now?: () => number;
};

/** Opens the record as soon as the page stands; without script its form shows a button. */
const openScript = "document.getElementById('open')?.submit();\n";

/** A host that signs a context at the click. */
function createSigningHost(host: HostSystem<SigningHostId>, pages: Pages, options: HostsOptions): Router {
  const { keys, demoUrl, baseUrl, practiceName } = options;
  const now = options.now ?? Date.now;
  const router = Router();
  router.get('/jwks.json', (_request, response) => {
    response.json(keys[host.id].jwks);
  });
  router.use(
    createHostPages(host, pages, {
      people: options.people.filter((person) => person.hosts.includes(host.id)),
      practiceName,
      now,
      open: async ({ user, person }, response) => {
        const claims = contextClaims(host, user, person, { issuer: `${demoUrl}/${host.id}`, audience: baseUrl });
        const signed = await keys[host.id].sign(claims, Math.floor(now() / 1000));
        send(response, handOver(`${baseUrl}/launch`, signed));
      },
    }),
  );
  return router;
}

/** A host that can do no more than encrypt a link; who asks is said at the care identity. */
function createPeakside({ people, practiceName, linkKey, baseUrl, now = Date.now }: HostsOptions): Router {
  return createHostPages(peakside, peaksidePages, {
    people: people.filter((person) => person.practice === peakside.organisation),
    practiceName,
    now,
    open: ({ person, fields }, response) => {
      const cipher = fields['cipher'] === 'aes-256-cbc' ? 'aes-256-cbc' : 'aes-256-gcm';
      const link = new URL(`${baseUrl}/launch`);
      link.searchParams.set('host', cipher === 'aes-256-cbc' ? 'demo-peakside-cbc' : 'demo-peakside');
      link.searchParams.set('c', encryptedLink(linkText(person, now()), cipher, linkKey));
      response.set('Referrer-Policy', 'no-referrer').redirect(303, link.href);
    },
  });
}

/** The host EPRs, the identity provider, their style sheets, and the page that links to all there is in the demo. */
export function createHosts(options: HostsOptions): Router {
  const { demoUrl, baseUrl, practiceName, sandboxes = [], now = Date.now } = options;
  const router = Router();
  router.use('/millbrook', createSigningHost(millbrook, millbrookPages, options));
  router.use('/trentside', createSigningHost(trentside, trentsidePages, options));
  router.use('/ashgrove', createAshgrove({ demoUrl, baseUrl, practiceName, now }));
  router.use('/peakside', createPeakside(options));
  router.use(identityPath, createIdentity({ demoUrl, baseUrl, hostIds: identityHostIds }));
  for (const name of ['millbrook', 'trentside', 'ashgrove', 'peakside', 'identity', 'front-page', 'hand-over'])
    router.get(`/hosts/${name}.css`, async (_request, response) => {
      response.type('css').send(await readFile(new URL(`${name}.css`, import.meta.url), 'utf8'));
    });
  router.get('/hosts/open.js', (_request, response) => {
    response.type('js').send(openScript);
  });
  router.get('/', (_request, response) => send(response, frontPage(baseUrl, sandboxes)));
  return router;
}
