import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import type { JWK } from 'jose';
import { object } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Client, Host } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { knownOf, type Attempt, type ProvedContext } from './attempt.ts';
import { causeOf } from './cause.ts';
import { launchOrigins, registeredClient } from './client.ts';
import type { LaunchContext } from './context.ts';
import { follow, setCookies, type DoorHandler } from './door.ts';
import { createEncryptedLinkDoor } from './encrypted-link/encrypted-link.ts';
import type { Handles } from './handle.ts';
import { createJwksRouter } from './jwks.ts';
import { createPendingAuthorizations } from './openid/pending.ts';
import type { Fetch } from './openid/relying-party.ts';
import type { AskDemographics, AskTrace } from './identity.ts';
import { requireOwnOrigin } from './registration/own-origin.ts';
import { faultPage, faultStatus, pageStylePath, sendPage } from './page/page.ts';
import { completeContext, createProfiles, mustAskAgain, type Profile } from './registration/profile.ts';
import { refusalOf, refuse } from './page/refusal.ts';
import { TooMany, type LaunchRate } from './rate.ts';
import { registrationPage } from './registration/registration-page.ts';
import {
  checkForm,
  offerOf,
  readForm,
  type FieldError,
  type Registration,
  type Typed,
} from './registration/registration.ts';
import { rolesOf } from './registration/role.ts';
import type { EndUser } from './sign-out.ts';
import { createSignInDoor } from './sign-in/sign-in.ts';
import { isOpenIdHost } from './sign-in/standing.ts';
import { createSignedContextDoor } from './signed-context/door.ts';
import type { HostTokens } from './smart/host-token.ts';
import { createSmartDoor } from './smart/smart.ts';
import { createTickets, ticketMs } from './registration/ticket.ts';

/** What the way in needs. */
export type LaunchDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly demographics: AskDemographics;
  /** Finds one person at the demographics service without their number. */
  readonly trace: AskTrace;
  /** True where an objection hides this person: the sign-in and encrypted-link doors refuse them alike. */
  readonly hides: (nhsNumber: string) => Promise<boolean>;
  /** See `Secrets`. Its content may change while the server runs: read it anew at each use. */
  readonly launchKeys: readonly JWK[];
  readonly handles: Handles;
  readonly hostTokens: HostTokens;
  readonly rate: LaunchRate;
  /** Ends all that a user of a host has open, when the host says that they signed out. */
  readonly endUser: EndUser;
  readonly log: Logger;
  /** Ends the open records of a user who signs out, by the hash of `userHash`. */
  readonly endLaunchesOfUser?: (userHash: string) => Promise<void>;
  /** Fetches at hosts and OpenID providers; the platform's `fetch` where absent. */
  readonly fetch?: Fetch;
};

const stylePath = join(import.meta.dirname, '..', '..', 'public', 'page.css');

/**
 * The way in: a host EPR's request goes through its door, is checked against the demographics service, asks a new user
 * for name and role, and leaves as a one-time handle in a redirect to the SMART app. Every refusal is a page in plain
 * words and a row on the audit trail.
 */
export function createLaunchRouter(deps: LaunchDeps): Router {
  const { config, baseUrl, audit, handles, endUser, log, rate } = deps;
  const pending = createPendingAuthorizations(deps);
  const signedContext = createSignedContextDoor(deps);
  const smart = createSmartDoor({ ...deps, pending });
  const signIn = createSignInDoor({ ...deps, pending });
  const encryptedLink = createEncryptedLinkDoor({ ...deps, signIn });
  const profiles = createProfiles(deps);
  const tickets = createTickets(deps);

  /** The door that a request stands at, by what it brings (DESIGN.md, "Contract: the doors"). */
  const enter: DoorHandler = (req, attempt) => {
    if (req.method === 'POST' || req.query['context'] !== undefined) return signedContext.enter(req, attempt);
    if (req.query['iss'] !== undefined) return smart.enter(req, attempt);
    if (req.query['c'] !== undefined) return encryptedLink.enter(req, attempt);
    return signIn.enter(req, attempt);
  };

  /** Back from a host's authorization server, or from an OpenID provider: each host has an address of its own. */
  const finish: DoorHandler = (req, attempt) => {
    switch (config.hosts.find((host) => host.id === req.params['host'])?.door) {
      case 'smart':
        return smart.finish(req, attempt);
      case 'sign-in':
        return signIn.finish(req, attempt);
      case 'encrypted-link':
        return encryptedLink.finish(req, attempt);
      case 'signed-context':
      case undefined:
        throw refuse('context-issuer', 'a return for a host that is not registered for it');
    }
  };

  const through =
    (door: DoorHandler) =>
    async (req: Request, res: Response, attempt: Attempt): Promise<void> => {
      const led = await door(req, attempt);
      if (led.kind !== 'proved') {
        follow(res, led);
        return;
      }
      setCookies(res, led);
      const host = hostOf(config, led.context);
      try {
        // The signed-context door has counted it already, before it asked anybody.
        if (host.door !== 'signed-context') await rate.admit(host);
        await admit(led.context, res, attempt);
      } catch (error) {
        if (led.context.hostRecord !== undefined) await deps.hostTokens.end(led.context.hostRecord.tokens);
        throw error;
      }
    };

  /** From a proved context to the app, by way of the name-and-role page where the user is new. */
  async function admit(context: ProvedContext, res: Response, attempt: Attempt): Promise<void> {
    attempt.known = knownOf(context);
    const profile = await profiles.find(context.host, context.user.id);
    const host = hostOf(config, context);
    if (profile === undefined || mustAskAgain(profile, context, host, Date.now())) {
      const waiting = { context, until: new Date(Date.now() + ticketMs) };
      const ticket = await tickets.issue(waiting);
      askNameAndRole(res, context, ticket, profile === undefined ? {} : typedOf(profile), []);
      return;
    }
    await handOver(res, completeContext(profile, context, config, host), attempt);
  }

  async function register(req: Request, res: Response, attempt: Attempt): Promise<void> {
    requireOwnOrigin(req.headers, baseUrl);
    const { ticket = '', ...typed } = readForm(req.body);
    const waiting = await tickets.find(ticket);
    const { context } = waiting;
    attempt.known = knownOf(context);
    const host = hostOf(config, context);
    const checked = checkForm(offerOf(rolesOf(config, host), context), typed);
    if (checked.kind === 'wrong') {
      askNameAndRole(res, context, ticket, typed, checked.errors);
      return;
    }
    const handle = tickets.handleOf(ticket);
    if (!(await tickets.use(ticket, waiting))) {
      await secondClick(res, context, handle);
      return;
    }
    const before = await profiles.find(context.host, context.user.id);
    const profile = profileOf(context, checked.registration, before);
    await profiles.save(profile);
    attempt.known = knownOf({ ...context, user: { ...context.user, name: profile.name } });
    await audit.record({
      type: 'registration',
      action: 'U',
      outcome: 'success',
      ...attempt.known,
      role: profile.role,
      detail: { roleSaidBy: profile.roleSelfDeclared ? 'user' : 'host' },
    });
    // The form's fragment would go with the redirect; an empty one takes its place.
    await handOver(res, completeContext(profile, context, config, host), attempt, { fragment: '#', handle });
  }

  /**
   * A second click on Save, or a form sent again by the browser: it drops the answer to the first and shows the answer
   * to this one. Nothing is done twice: it leads to the one handle that the first click makes, or has made.
   */
  async function secondClick(res: Response, context: ProvedContext, handle: string): Promise<void> {
    for (let tries = 0; tries < 30; tries += 1) {
      if (await handles.waits(handle)) {
        leave(res, context, handle, '#');
        return;
      }
      await delay(100);
    }
    throw refuse('ticket-unknown', 'used, and its launch did not follow');
  }

  /** A host's word that one of its users has signed out there. */
  async function signOut(req: Request, res: Response, attempt: Attempt): Promise<void> {
    const { host, userId } = await signedContext.ended(req, attempt);
    await endUser(host.id, userId);
    await audit.record({
      type: 'authorization',
      action: 'D',
      outcome: 'success',
      ...attempt.known,
      detail: { event: 'end' },
    });
    res.status(204).end();
  }

  function askNameAndRole(
    res: Response,
    context: ProvedContext,
    ticket: string,
    typed: Typed,
    errors: readonly FieldError[],
  ): void {
    const host = hostOf(config, context);
    const offer = offerOf(rolesOf(config, host), context);
    if (offer.roles.length === 0) throw refuse('context-role', 'no role of the host is in roles.json');
    const markup = registrationPage({
      ticket,
      userName: context.user.name,
      organisation: context.organisation.name,
      hostName: host.name,
      offer,
      typed,
      errors,
    });
    sendPage(res, errors.length === 0 ? 200 : 422, markup, {
      ancestors: isOpenIdHost(host) ? [] : host.origins,
      formActions: launchOrigins(clientFor(context)),
    });
  }

  async function handOver(
    res: Response,
    { resume, ...context }: LaunchContext & Pick<ProvedContext, 'resume'>,
    attempt: Attempt,
    end: { readonly fragment: string; readonly handle?: string } = { fragment: '' },
  ): Promise<void> {
    attempt.known = knownOf(context);
    const role = config.roles.find((one) => one.code === context.role);
    if (role === undefined) throw refuse('context-role', 'role is not in roles.json');
    if (
      context.patient === undefined &&
      context.hostRecord === undefined &&
      role.scopes.some((scope) => scope.startsWith('patient/'))
    )
      throw refuse('context-malformed', 'no patient, for a role that looks at patients');
    clientFor(context);
    // Beside each other: the handle is worth nothing until it is sent, and it is sent only when both stand.
    const [handle] = await Promise.all([
      handles.issue(context, end.handle),
      audit.record({ type: 'launch', action: 'E', outcome: 'success', ...attempt.known }),
    ]);
    leave(res, { ...context, ...(resume === undefined ? {} : { resume }) }, handle, end.fragment);
  }

  /** Sends the browser to the app with the handle. A standalone launch goes on with the app's own request. */
  function leave(res: Response, context: ProvedContext, handle: string, fragment: string): void {
    const client = clientFor(context);
    const { resume } = context;
    const to = new URL(resume === undefined ? client.launchUri : `${baseUrl}/auth/auth`);
    for (const [name, value] of Object.entries(resume ?? { iss: `${baseUrl}/fhir` })) to.searchParams.set(name, value);
    to.searchParams.set('launch', handle);
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).redirect(303, `${to.href}${fragment}`);
  }

  function clientFor(context: ProvedContext): Client {
    const client = registeredClient(config, baseUrl, context.clientId, Date.now());
    if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');
    return client;
  }

  /** A refusal of which nothing is proved counts towards what may come in a minute, so that no flood fills the trail. */
  async function bounded(fault: Fault, { known, repeatable }: Attempt): Promise<Fault> {
    if (fault instanceof TooMany || (known.user !== undefined && repeatable !== true)) return fault;
    const claimed = known.user?.host ?? known.detail?.['claimedHost'];
    try {
      return (await rate.refusal(config.hosts.find((host) => host.id === claimed))) ?? fault;
    } catch (error) {
      log.error({ cause: causeOf(error) }, 'a refused launch could not be counted');
      return fault;
    }
  }

  async function fail(
    error: unknown,
    res: Response,
    attempt: Attempt,
    send: (res: Response, fault: Fault) => void = sendFault,
  ): Promise<void> {
    const fault = await bounded(faultOf(error), attempt);
    if (fault instanceof TooMany) res.set('Retry-After', String(fault.retryAfterSeconds));
    if (!(fault instanceof TooMany && fault.counted)) await tell(fault, attempt);
    if (res.headersSent) return;
    const { retryAfter } = refusalOf(fault.code);
    if (retryAfter !== undefined && !res.hasHeader('Retry-After')) res.set('Retry-After', String(retryAfter));
    send(res, fault);
  }

  function sendFault(res: Response, fault: Fault): void {
    const { alone } = refusalOf(fault.code);
    sendPage(res, faultStatus(fault), faultPage(fault, config.region), {
      ancestors: alone === true ? [] : [...new Set(config.hosts.flatMap((host) => host.origins))],
    });
  }

  /** Says in the log and on the audit trail why a launch was not opened. */
  async function tell(fault: Fault, attempt: Attempt): Promise<void> {
    const refused = faultStatus(fault) < 500;
    const { code, detail } = fault;
    log[refused ? 'info' : 'error']({ code, detail, cause: causeOf(fault.cause) }, 'launch not opened');
    try {
      await audit.record({
        type: 'launch',
        action: 'E',
        outcome: refused ? 'refused' : 'failed',
        reason: code,
        ...attempt.known,
        detail: { ...attempt.known.detail, ...(detail === undefined ? {} : { why: detail }) },
      });
    } catch (unrecorded) {
      log.error({ cause: causeOf(unrecorded) }, 'a refused launch could not be audited');
    }
  }

  const step =
    (
      walk: (req: Request, res: Response, attempt: Attempt) => Promise<void>,
      send?: (res: Response, fault: Fault) => void,
    ) =>
    async (req: Request, res: Response): Promise<void> => {
      const attempt: Attempt = { known: {} };
      try {
        await walk(req, res, attempt);
      } catch (error) {
        await fail(error, res, attempt, send);
      }
    };
  const unreadable: ErrorRequestHandler = async (error, _req, res, _next) => {
    await fail(error, res, { known: {} });
  };

  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 });
  const router = express.Router();
  router.get(pageStylePath, (_req, res) => res.sendFile(stylePath, { maxAge: '1h' }));
  router
    .route('/launch')
    .get(step(through(enter)))
    .post(form, step(through(enter)));
  router.get('/launch/callback/:host', step(through(finish)));
  for (const { method, path, handler } of signIn.routes)
    router[method](path, ...(method === 'post' ? [form] : []), step(through(handler)));
  router.post('/launch/registration', form, step(register));
  router.post('/launch/end', form, step(signOut, sendFaultToHost));
  router.use(createJwksRouter(() => deps.launchKeys));
  router.use('/launch', unreadable);
  return router;
}

/** A refusal to a host's server, which asks for no page: OAuth's shape of an error. */
function sendFaultToHost(res: Response, fault: Fault): void {
  res
    .status(faultStatus(fault))
    .set('Cache-Control', 'no-store')
    .json({ error: fault.code, error_description: refusalOf(fault.code).text });
}

function hostOf(config: Config, context: ProvedContext): Host {
  const host = config.hosts.find((one) => one.id === context.host);
  if (host === undefined) throw refuse('context-issuer', 'the host is no longer registered');
  return host;
}

function typedOf(profile: Profile): Typed {
  const { registrationBody, registrationNumber } = profile;
  return {
    name: profile.name,
    role: profile.role,
    ...(registrationBody === null ? {} : { registrationBody }),
    ...(registrationNumber === null ? {} : { registrationNumber }),
  };
}

function profileOf(
  context: ProvedContext,
  { name, role, registration }: Registration,
  before: Profile | undefined,
): Profile {
  const now = new Date();
  const roleSelfDeclared = context.role === undefined;
  // Who confirmed a role confirmed that one: it stands while the user goes on saying the same.
  const confirmed = roleSelfDeclared && before?.roleSelfDeclared === true && before.role === role.code;
  return {
    host: context.host,
    userId: context.user.id,
    name: name ?? context.user.name,
    role: role.code,
    roleSelfDeclared,
    roleConfirmedAt: confirmed ? before.roleConfirmedAt : null,
    roleConfirmedBy: confirmed ? before.roleConfirmedBy : null,
    organisation: context.organisation.ods,
    registrationBody: registration?.body ?? null,
    registrationNumber: registration?.number ?? null,
    promisedAt: now,
    updatedAt: now,
  };
}

/** Whatever went wrong, as a fault. A body that cannot be read is the sender's; anything unknown is ours. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = object(error)?.['status'];
  if (status === 413) return refuse('too-large', 'body over the limit', error);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refuse('context-malformed', 'the body could not be read', error);
  return new Fault('exception', refusalOf('exception').text, { detail: 'the launch failed', cause: error });
}
