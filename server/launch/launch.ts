import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import { object, text } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { knownOf, type Attempt, type ProvedContext } from './attempt.ts';
import { causeOf } from './cause.ts';
import { registeredClient } from './client.ts';
import type { LaunchContext } from './context.ts';
import type { Handles } from './handle.ts';
import { createHostKeys, type FetchJwks } from './host-keys.ts';
import { confirmIdentity, type AskDemographics } from './identity.ts';
import { requireOwnOrigin } from './own-origin.ts';
import { faultPage, faultStatus, pageStylePath, sendPage } from './page.ts';
import { completeContext, createProfiles, mustAskAgain, type Profile } from './profile.ts';
import { refusalOf, refuse } from './refusal.ts';
import { registrationPage } from './registration-page.ts';
import { checkForm, offerOf, readForm, type FieldError, type Registration, type Typed } from './registration.ts';
import { rolesOf } from './role.ts';
import { readSignedContext } from './signed-context.ts';
import { createTickets, ticketMs, type Waiting } from './ticket.ts';

/** What the way in needs. */
export type LaunchDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly demographics: AskDemographics;
  readonly handles: Handles;
  readonly log: Logger;
  /** Fetches hosts' key sets; the platform's `fetch` where absent. */
  readonly fetchJwks?: FetchJwks;
};

const stylePath = join(import.meta.dirname, '..', '..', 'public', 'page.css');

/**
 * The way in: a host EPR's request goes through its door, is checked against the demographics service, asks a new user
 * for name and role, and leaves as a one-time handle in a redirect to the SMART app. Every refusal is a page in plain
 * words and a row on the audit trail.
 */
export function createLaunchRouter(deps: LaunchDeps): Router {
  const { config, baseUrl, audit, handles, log } = deps;
  const door = { ...deps, keysOf: createHostKeys(deps.fetchJwks) };
  const profiles = createProfiles(deps);
  const tickets = createTickets(deps);

  async function launch(req: Request, res: Response, attempt: Attempt): Promise<void> {
    const proved = await readSignedContext(door, signedContextIn(req), attempt);
    const context = await confirmIdentity(config, deps.demographics, proved);
    attempt.known = knownOf(context);
    const profile = await profiles.find(context.host, context.user.id);
    const host = hostOf(config, context);
    if (profile === undefined || mustAskAgain(profile, context, host, Date.now())) {
      const waiting = { context, until: new Date(Date.now() + ticketMs) };
      await askNameAndRole(res, waiting, profile === undefined ? {} : typedOf(profile), []);
      return;
    }
    await handOver(res, completeContext(profile, context, config, host), attempt);
  }

  async function register(req: Request, res: Response, attempt: Attempt): Promise<void> {
    requireOwnOrigin(req.headers, baseUrl);
    const { ticket, ...typed } = readForm(req.body);
    const waiting = await tickets.take(ticket ?? '');
    const { context } = waiting;
    attempt.known = knownOf(context);
    const host = hostOf(config, context);
    const checked = checkForm(offerOf(rolesOf(config, host), context), typed);
    if (checked.kind === 'wrong') {
      await askNameAndRole(res, waiting, typed, checked.errors);
      return;
    }
    const profile = profileOf(context, checked.registration);
    await profiles.save(profile);
    await audit.record({
      type: 'registration',
      action: 'U',
      outcome: 'success',
      ...attempt.known,
      role: profile.role,
      detail: { roleSaidBy: profile.roleSelfDeclared ? 'user' : 'host' },
    });
    // The form's fragment would go with the redirect; an empty one takes its place.
    await handOver(res, completeContext(profile, context, config, host), attempt, '#');
  }

  async function askNameAndRole(
    res: Response,
    waiting: Waiting,
    typed: Typed,
    errors: readonly FieldError[],
  ): Promise<void> {
    const { context } = waiting;
    const host = hostOf(config, context);
    const offer = offerOf(rolesOf(config, host), context);
    if (offer.roles.length === 0) throw refuse('context-role', 'no role of the host is in roles.json');
    const markup = registrationPage({
      ticket: await tickets.issue(waiting),
      userName: context.user.name,
      organisation: context.organisation.name,
      hostName: host.name,
      offer,
      typed,
      errors,
    });
    const client = clientFor(context);
    sendPage(res, errors.length === 0 ? 200 : 422, markup, {
      ancestors: host.origins,
      formActions: [new URL(client.launchUri).origin],
    });
  }

  async function handOver(res: Response, context: LaunchContext, attempt: Attempt, fragment = ''): Promise<void> {
    attempt.known = knownOf(context);
    const role = config.roles.find((one) => one.code === context.role);
    if (role === undefined) throw refuse('context-role', 'role is not in roles.json');
    if (context.patient === undefined && role.scopes.some((scope) => scope.startsWith('patient/')))
      throw refuse('context-malformed', 'no patient, for a role that looks at patients');
    const client = clientFor(context);
    await audit.record({ type: 'launch', action: 'E', outcome: 'success', ...attempt.known });
    const to = new URL(client.launchUri);
    to.searchParams.set('iss', `${baseUrl}/fhir`);
    to.searchParams.set('launch', await handles.issue(context));
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).redirect(303, `${to.href}${fragment}`);
  }

  function clientFor(context: ProvedContext): { readonly launchUri: string } {
    const client = registeredClient(config, baseUrl, context.clientId, Date.now());
    if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');
    return client;
  }

  async function fail(error: unknown, res: Response, attempt: Attempt): Promise<void> {
    const fault = faultOf(error);
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
    if (res.headersSent) return;
    if (fault.code === 'undecided') res.set('Retry-After', '60');
    sendPage(res, faultStatus(fault), faultPage(fault, config.region), {
      ancestors: [...new Set(config.hosts.flatMap((host) => host.origins))],
    });
  }

  const step =
    (walk: (req: Request, res: Response, attempt: Attempt) => Promise<void>) =>
    async (req: Request, res: Response): Promise<void> => {
      const attempt: Attempt = { known: {} };
      try {
        await walk(req, res, attempt);
      } catch (error) {
        await fail(error, res, attempt);
      }
    };
  const unreadable: ErrorRequestHandler = async (error, _req, res, _next) => {
    await fail(error, res, { known: {} });
  };

  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 });
  const router = express.Router();
  router.get(pageStylePath, (_req, res) => res.sendFile(stylePath, { maxAge: '1h' }));
  router.route('/launch').get(step(launch)).post(form, step(launch));
  router.post('/launch/registration', form, step(register));
  router.use('/launch', unreadable);
  return router;
}

/** The signed context in a request: in the body, since a URL stands in logs and histories (DESIGN.md, "the doors"). */
function signedContextIn(req: Request): string {
  if (req.method === 'POST') {
    const token = text(object(req.body)?.['context']);
    if (token === undefined) throw refuse('context-malformed', 'no field context');
    return token;
  }
  if (req.query['context'] !== undefined) throw refuse('context-malformed', 'a context in the URL that is no JWE');
  throw refuse('invalid-request', 'no context');
}

function hostOf(config: Config, context: ProvedContext): Host {
  const host = config.hosts.find((one) => one.id === context.host);
  if (host === undefined) throw refuse('context-issuer', 'the host is no longer registered');
  return host;
}

function typedOf(profile: Profile): Typed {
  const { registrationBody, registrationNumber } = profile;
  return {
    role: profile.role,
    ...(registrationBody === null ? {} : { registrationBody }),
    ...(registrationNumber === null ? {} : { registrationNumber }),
  };
}

function profileOf(context: ProvedContext, { role, registration }: Registration): Profile {
  const now = new Date();
  return {
    host: context.host,
    userId: context.user.id,
    name: context.user.name,
    role: role.code,
    roleSelfDeclared: context.role === undefined,
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
