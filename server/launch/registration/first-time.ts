import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Audit } from '../../audit/entry.ts';
import type { Config } from '../../config/config.ts';
import type { Database } from '../../store/store.ts';
import { knownOf, type Attempt, type ProvedContext } from '../attempt.ts';
import { launchOrigins } from '../client.ts';
import { hostOf, type HandOver } from '../hand-over.ts';
import type { Handles } from '../handle.ts';
import { sendPage } from '../page/page.ts';
import { refuse } from '../page/refusal.ts';
import type { Walk } from '../refused-launch.ts';
import { isOpenIdHost } from '../sign-in/standing.ts';
import { requireOwnOrigin } from './own-origin.ts';
import { completeContext, createProfiles, mustAskAgain, type Profile } from './profile.ts';
import { registrationPage } from './registration-page.ts';
import { checkForm, offerOf, readForm, type FieldError, type Registration, type Typed } from './registration.ts';
import { rolesOf } from './role.ts';
import { createTickets, ticketMs } from './ticket.ts';

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

/** The name-and-role page: asked the first time, after a year, and when the host's role for the user changed. */
export function createFirstTime(deps: {
  readonly config: Config;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly handles: Handles;
  readonly end: HandOver;
}): {
  /** From a proved context to the app, by way of the page where the user has to be asked. */
  readonly admit: (context: ProvedContext, res: Response, attempt: Attempt) => Promise<void>;
  /** The page, filled in. */
  readonly register: Walk;
} {
  const { config, baseUrl, audit, handles } = deps;
  const { handOver, leave, clientFor } = deps.end;
  const profiles = createProfiles(deps);
  const tickets = createTickets(deps);

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
    const complete = completeContext(profile, context, config, host);
    const launched = before === undefined ? ({ ...complete, firstTime: true } as const) : complete;
    await handOver(res, launched, attempt, { fragment: '#', handle });
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

  return { admit, register };
}
