import type { Request } from 'express';
import { object, text } from '../../../src/fhir/json.ts';
import { dayOf } from '../../../src/fhir/date.ts';
import type { Audit } from '../../audit/entry.ts';
import { linkKeyOf } from '../../config/link-key.ts';
import { Fault, undecided } from '../../fault.ts';
import type { Attempt, ProvedContext } from '../attempt.ts';
import { launchOrigins, registeredClient } from '../client.ts';
import type { DoorHandler, DoorStep } from '../door.ts';
import { readLink, type AskedLink } from '../encrypted-link/link.ts';
import { askerOf } from '../identity.ts';
import type { Mistake } from '../page/form.ts';
import { refuse } from '../page/refusal.ts';
import { requireOwnOrigin } from '../registration/own-origin.ts';
import type { AssertedRole } from './claims.ts';
import { checkFindForm, readFindForm, type FindField, type FindTyped, type Search } from './find.ts';
import { findPage } from './find-page.ts';
import { rolePage } from './pages.ts';
import type { SearchLimit } from './search-limit.ts';
import { seekByNumber, seekByTrace, type Asked, type Sought } from './seek.ts';
import type { Sessions } from './session.ts';
import { provedOf, roleOf, standingOf, type Standing } from './standing.ts';
import type { Visits } from './visit.ts';

/** What the pages after the sign-in need. */
export type FindingDeps = Asked & {
  readonly baseUrl: string;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly visits: Visits;
  readonly limit: SearchLimit;
};

type Kind = Search['by']['kind'];

const elsewhere = (location: string): DoorStep => ({ kind: 'elsewhere', location });

/** From the sign-in to a proved context: the role is chosen, and the person found, or confirmed where a link named them. */
export function createFinding(deps: FindingDeps) {
  const { config, baseUrl, audit, sessions, visits, limit } = deps;

  /** A ticket is good for one form, in one visit, in one role: a change of role in another tab leaves none of it. */
  const formOf = (kind: Kind, role: AssertedRole): string => `${kind} ${role.id}`;

  async function showFind(
    standing: Standing,
    role: AssertedRole,
    kind: Kind,
    typed: FindTyped = {},
    errors: readonly Mistake<FindField>[] = [],
  ): Promise<DoorStep> {
    const { user, visitId, roles, clientId } = standing;
    const client = registeredClient(config, baseUrl, clientId, Date.now());
    if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');
    const markup = findPage({
      kind,
      visit: visitId,
      ticket: await visits.ticket(user, visitId, formOf(kind, role)),
      userName: user.name,
      role: roleOf(config, role),
      organisation: role.organisation,
      otherRoles: roles.length > 1,
      reasons: config.region.accessReasons,
      typed,
      errors,
    });
    const status = errors.length === 0 ? 200 : 422;
    return { kind: 'page', status, markup, ancestors: [], formActions: launchOrigins(client) };
  }

  /**
   * One search, counted before it is asked and audited whatever comes of it. A person who is unknown, restricted or
   * objects, another birth date, and none or many matches are one refusal.
   */
  async function search(
    { user, host }: Standing,
    proved: ProvedContext,
    attempt: Attempt,
    seek: (asker: ReturnType<typeof askerOf>) => Promise<Sought>,
  ): Promise<NonNullable<ProvedContext['patient']>> {
    const counted = await limit.begin([host.issuer, user.id]);
    let sought: Sought;
    try {
      sought = await seek(askerOf(config, proved, crypto.randomUUID()));
      if (sought.kind === 'found')
        await audit.record({
          type: 'launch',
          action: 'R',
          outcome: 'success',
          ...attempt.known,
          nhsNumber: sought.patient.nhsNumber,
        });
    } catch (error) {
      // A link that nobody's key made is a try like another; what could not be decided is not.
      await (error instanceof Fault && error.code === 'link-malformed' ? counted.refuse() : counted.forget());
      throw error;
    }
    if (sought.kind === 'found') {
      await counted.forget();
      return sought.patient;
    }
    await counted.refuse();
    throw refuse('person-not-found', sought.why);
  }

  /** The person of a link, once: the link alone says nothing to anybody who has not signed in. */
  async function confirmLink(
    standing: Standing,
    role: AssertedRole,
    link: AskedLink,
    attempt: Attempt,
  ): Promise<DoorStep> {
    const { host, user, visitId } = standing;
    if (host.door !== 'encrypted-link') throw refuse('link-malformed', 'the host no longer has such links');
    const key = linkKeyOf(host, process.env);
    if (key === undefined) throw undecided(`the environment has no key in ${host.keyEnv}`);
    if (!(await visits.end(user, visitId))) throw refuse('ticket-unknown', 'the link of this visit was used');
    const proved = provedOf(standing, role);
    attempt.known = { ...attempt.known, detail: { search: 'link' } };
    const patient = await search(standing, proved, attempt, async (asker) => {
      const person = readLink(host, key, link);
      attempt.known = { ...attempt.known, nhsNumber: person.nhsNumber };
      return seekByNumber(deps, person, asker);
    });
    return { kind: 'proved', context: { ...proved, patient } };
  }

  const show =
    (kind: Kind): DoorHandler =>
    async (req, attempt) => {
      const standing = await standingOf(deps, req, attempt);
      const { user, host, visit, visitId, role } = standing;
      if (role === undefined) return elsewhere(`/launch/role/${visitId}`);
      if (!roleOf(config, role).scopes.some((scope) => scope.startsWith('patient/'))) {
        await visits.end(user, visitId);
        return { kind: 'proved', context: provedOf(standing, role) };
      }
      await limit.check([host.issuer, user.id]);
      if (visit.link !== undefined) return confirmLink(standing, role, visit.link, attempt);
      return showFind(standing, role, kind);
    };

  const find =
    (kind: Kind): DoorHandler =>
    async (req, attempt) => {
      requireOwnOrigin(req.headers, baseUrl);
      const standing = await standingOf(deps, req, attempt);
      const { user, visit, visitId, role } = standing;
      // An EPR's link is about one person; its users do not look for others.
      if (role === undefined || visit.link !== undefined) return elsewhere(`/launch/find/${visitId}`);
      const { ticket, ...typed } = readFindForm(req.body);
      if (!(await visits.takeTicket(user, visitId, formOf(kind, role), ticket ?? '')))
        throw refuse('ticket-unknown', 'used, late, another form’s or never issued');
      const checked = checkFindForm(kind, config.region, typed, today());
      if (checked.kind === 'wrong') return showFind(standing, role, kind, typed, checked.errors);
      const { reason, by } = checked.search;
      attempt.known = {
        ...attempt.known,
        ...(by.kind === 'number' ? { nhsNumber: by.nhsNumber } : {}),
        detail: { search: by.kind, reasonCode: reason.code, reasonText: reason.text },
      };
      const proved = provedOf(standing, role);
      const patient = await search(standing, proved, attempt, (asker) =>
        by.kind === 'number' ? seekByNumber(deps, by, asker) : seekByTrace(deps, by.traced, asker),
      );
      // An app's request is answered once; without one, back and another person is the way of a shift.
      if (visit.resume !== undefined && !(await visits.end(user, visitId)))
        throw refuse('ticket-unknown', 'the app’s request was answered');
      return { kind: 'proved', context: { ...proved, patient, reason } };
    };

  async function showRoles(standing: Standing, errors: readonly Mistake<'role'>[] = []): Promise<DoorStep> {
    const { user, visitId, roles, role } = standing;
    const markup = rolePage({
      visit: visitId,
      ticket: await visits.ticket(user, visitId, 'role'),
      userName: user.name,
      roles,
      titles: config.roles,
      chosen: role?.id,
      errors,
    });
    return { kind: 'page', status: errors.length === 0 ? 200 : 422, markup, ancestors: [] };
  }

  const chooseRole: DoorHandler = async (req: Request, attempt) => {
    requireOwnOrigin(req.headers, baseUrl);
    const standing = await standingOf(deps, req, attempt);
    const { user, visit, visitId, roles } = standing;
    const body = object(req.body);
    if (!(await visits.takeTicket(user, visitId, 'role', text(body?.['ticket']) ?? '')))
      throw refuse('ticket-unknown', 'used, late, another form’s or never issued');
    const chosen = roles.find((one) => one.id === text(body?.['role']));
    if (chosen === undefined) return showRoles(standing, [{ field: 'role', text: 'Choose one of your roles' }]);
    await visits.change(user, visitId, { ...visit, role: chosen.id });
    await sessions.choose(req.headers.cookie, user, chosen.id);
    return elsewhere(`/launch/find/${visitId}`);
  };

  const offerRoles: DoorHandler = async (req, attempt) => showRoles(await standingOf(deps, req, attempt));

  return { show, find, offerRoles, chooseRole };
}

/** Today in London, as a FHIR date. */
function today(): string {
  const { year, month, day } = dayOf(Date.now());
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
