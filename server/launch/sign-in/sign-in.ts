import { text } from '../../../src/fhir/json.ts';
import type { Audit } from '../../audit/entry.ts';
import type { Database } from '../../store/store.ts';
import { userHash } from '../../keyed-hash.ts';
import type { Attempt } from '../attempt.ts';
import { registeredClient } from '../client.ts';
import type { DoorHandler, DoorRoute, DoorStep } from '../door.ts';
import { refuse } from '../page/refusal.ts';
import { requireOwnOrigin } from '../registration/own-origin.ts';
import { createStandaloneLaunches } from '../standalone.ts';
import { readIdentity, usableRoles, type OpenIdHost } from './claims.ts';
import { createFinding } from './finding.ts';
import { providerPage, signedOutPage, signOutPage } from './pages.ts';
import { createProviders, type ProviderDeps } from './provider.ts';
import { createSearchLimit } from './search-limit.ts';
import type { Asked } from './seek.ts';
import { createSessions, type SignedIn } from './session.ts';
import { isOpenIdHost, requireOwnWindow } from './standing.ts';
import { createVisits, type Way } from './visit.ts';

/** What the door needs. */
export type SignInDeps = Asked &
  ProviderDeps & {
    readonly db: Database;
    readonly idKey: Buffer;
    readonly audit: Audit;
    /** Ends a user's open records when they sign out, by the hash of {@link userHash}. */
    readonly endLaunchesOfUser?: (userHash: string) => Promise<void>;
  };

/** The door. */
export type SignInDoor = {
  readonly enter: DoorHandler;
  /** Back from the provider of a host whose users sign in. */
  readonly finish: DoorHandler;
  /** What comes after: the role, the person, the way out. */
  readonly routes: readonly DoorRoute[];
  /** On with what the user came with: to the pages after the sign-in where they are signed in, else to the provider. */
  readonly arrive: (host: OpenIdHost, way: Way, cookieHeader: string | undefined) => Promise<DoorStep>;
};

/**
 * The door of those who have no EPR in front of them: an OpenID provider says who they are and in which roles, they
 * choose one, and find the person by hand with a reason that the person can see.
 */
export function createSignInDoor(deps: SignInDeps): SignInDoor {
  const { config, baseUrl, audit, idKey } = deps;
  const providers = createProviders<Way>(deps);
  const sessions = createSessions(deps);
  const visits = createVisits(deps);
  const standalone = createStandaloneLaunches(deps);
  const finding = createFinding({ ...deps, sessions, visits, limit: createSearchLimit(deps) });
  const openIdHosts = config.hosts.filter(isOpenIdHost);
  const signInHosts = openIdHosts.filter((host) => host.door === 'sign-in');

  const arrive: SignInDoor['arrive'] = async (host, way, cookieHeader) => {
    const user = await sessions.find(cookieHeader);
    if (user === undefined || user.host !== host.id)
      return { kind: 'elsewhere', ...(await providers.begin(host, way)) };
    return { kind: 'elsewhere', location: `/launch/find/${await visits.open(user, way)}` };
  };

  /** The host whose provider the user is to sign in with: the one named, the one they are signed in with, or the only. */
  async function hostFor(named: unknown, cookieHeader: string | undefined): Promise<OpenIdHost | undefined> {
    if (named !== undefined) {
      const host = signInHosts.find((one) => one.id === named);
      if (host === undefined) throw refuse('context-issuer', 'no sign-in host of that id');
      return host;
    }
    if (signInHosts.length <= 1) return signInHosts[0];
    const user = await sessions.find(cookieHeader);
    return signInHosts.find((one) => one.id === user?.host);
  }

  async function appRequest(app: unknown): Promise<Way> {
    if (app === undefined) return {};
    const resume = await standalone.take(text(app) ?? '');
    if (registeredClient(config, baseUrl, resume['client_id'] ?? '', Date.now()) === undefined)
      throw refuse('context-client', 'client is not registered, or has ended');
    return { resume };
  }

  const enter: DoorHandler = async (req) => {
    if (signInHosts.length === 0) throw refuse('invalid-request', 'no context');
    requireOwnWindow(req);
    const host = await hostFor(req.query['host'], req.headers.cookie);
    if (host === undefined)
      return { kind: 'page', status: 200, markup: providerPage(signInHosts, text(req.query['app'])), ancestors: [] };
    return arrive(host, await appRequest(req.query['app']), req.headers.cookie);
  };

  async function signedIn(host: OpenIdHost, claims: unknown, attempt: Attempt): Promise<SignedIn> {
    const { id, name, sdsUserId, roles, selected } = readIdentity(claims, host);
    attempt.known = { user: { host: host.id, id, name } };
    const usable = usableRoles(config, host, roles);
    if (usable.length === 0) throw refuse('sign-in-not-allowed', 'no role that counts here');
    const role = usable.find((one) => one.id === selected)?.id;
    return {
      host: host.id,
      id,
      name,
      roles,
      ...(sdsUserId === undefined ? {} : { sdsUserId }),
      ...(role === undefined ? {} : { role }),
    };
  }

  const finish: DoorHandler = async (req, attempt) => {
    requireOwnWindow(req);
    const host = openIdHosts.find((one) => one.id === req.params['host']);
    if (host === undefined) throw refuse('context-issuer', 'a return for a host that is not registered for it');
    const { claims, way, cookies } = await providers.finish(host, req);
    const user = await signedIn(host, claims, attempt);
    const visit = await visits.open(user, way);
    await audit.record({
      type: 'authorization',
      action: 'E',
      outcome: 'success',
      ...attempt.known,
      detail: { step: 'sign-in' },
    });
    // A new secret at each sign-in: one that was planted in this browser before stands for nobody.
    const cookie = await sessions.begin(user, req.headers.cookie);
    return { kind: 'elsewhere', location: `/launch/find/${visit}`, cookies: [...cookies, cookie] };
  };

  const askSignOut: DoorHandler = async () => ({ kind: 'page', status: 200, markup: signOutPage(), ancestors: [] });

  const signOut: DoorHandler = async (req, attempt) => {
    requireOwnOrigin(req.headers, baseUrl);
    const { user, cookie } = await sessions.end(req.headers.cookie);
    if (user !== undefined) {
      attempt.known = { user: { host: user.host, id: user.id, name: user.name } };
      await deps.endLaunchesOfUser?.(userHash(idKey, user.host, user.id));
      await audit.record({
        type: 'authorization',
        action: 'E',
        outcome: 'success',
        ...attempt.known,
        detail: { step: 'sign-out' },
      });
    }
    const hostName = openIdHosts.find((one) => one.id === user?.host)?.name;
    return { kind: 'page', status: 200, markup: signedOutPage(hostName), ancestors: [], cookies: [cookie] };
  };

  return {
    enter,
    finish,
    arrive,
    routes: [
      { method: 'get', path: '/launch/role/:visit', handler: finding.offerRoles },
      { method: 'post', path: '/launch/role/:visit', handler: finding.chooseRole },
      { method: 'get', path: '/launch/find/:visit', handler: finding.show('number') },
      { method: 'post', path: '/launch/find/:visit', handler: finding.find('number') },
      { method: 'get', path: '/launch/trace/:visit', handler: finding.show('trace') },
      { method: 'post', path: '/launch/trace/:visit', handler: finding.find('trace') },
      { method: 'get', path: '/launch/sign-out', handler: askSignOut },
      { method: 'post', path: '/launch/sign-out', handler: signOut },
    ],
  };
}
