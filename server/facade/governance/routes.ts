import express, { type Request, type Response, type Router } from 'express';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { AuditTrail } from '../../audit/audit.ts';
import { permits, type Interaction } from '../../auth/scope.ts';
import type { Config } from '../../config/config.ts';
import { rightsOf } from '../../disclosure/rights.ts';
import { Fault } from '../../fault.ts';
import type { LaunchSession } from '../../launch/context.ts';
import type { Register } from '../../privacy/register.ts';
import type { Asking } from '../asking.ts';
import { formatOf, isLenient, parametersOfUrl } from '../format.ts';
import { checkGeneral } from '../general-parameter.ts';
import { jsonBody } from '../json-body.ts';
import { nextPage, pageAsked } from '../search/page.ts';
import { searchset } from '../search/searchset.ts';
import { sendFhir } from '../send.ts';
import { auditParameters, createAuditEvents } from './audit-events.ts';
import { consentParameters, createConsentRegister } from './consent-register.ts';
import { readQuestion, type Question } from './question.ts';

/** What is governed by FHIR: the objections register and the audit trail. */
export type Governed = { readonly register: Register; readonly trail: Pick<AuditTrail, 'list' | 'record'> };

type Search = (
  question: Question,
  after: string | undefined,
  session: LaunchSession,
) => Promise<{
  readonly resources: readonly Resource[];
  readonly total: number | undefined;
  readonly next: string | undefined;
}>;

const consentBody = jsonBody('a Consent', '16kb');
const form = 'application/x-www-form-urlencoded';

/**
 * `Consent` and `AuditEvent` for those whose role governs, by scopes on what the user may see (`user/`): no person of a
 * launch is in question, and nothing of any record. A `Consent` that a record holds is the record's, and goes to the
 * routes behind these.
 */
export function addGovernance(
  router: Router,
  deps: {
    readonly governed: Governed;
    readonly config: Pick<Config, 'roles'>;
    readonly baseUrl: string;
    readonly pageKey: Buffer;
    readonly asking: Asking;
  },
): void {
  const { governed, config, baseUrl, pageKey, asking } = deps;
  const consents = createConsentRegister(governed.register);
  const events = createAuditEvents(governed.trail);

  /** True where a Consent is asked of the register: the token has it for the user, and not for the person of a launch. */
  const isOfRegister = (session: LaunchSession, interaction: Interaction): boolean => {
    const { scopes } = rightsOf(config, session);
    const { patient, hostRecord } = session.context;
    const hasPerson = patient !== undefined || hostRecord !== undefined;
    return (
      permits(scopes, 'Consent', interaction, 'user') &&
      !(hasPerson && permits(scopes, 'Consent', interaction, 'patient'))
    );
  };

  /** A page of a search, by its parameters or by the sealed link of the page before. */
  const searched = async (
    of: { readonly type: string; readonly parameters: readonly string[]; readonly search: Search },
    session: LaunchSession,
    request: Request,
    response: Response,
  ): Promise<void> => {
    const { type } = of;
    const given = parametersOfUrl(request.originalUrl);
    formatOf(request, given, ['json']);
    const isPosted = request.method === 'POST';
    if (isPosted && request.is(form) === false)
      throw new Fault('unsupported-type', `A search by POST sends its parameters as ${form}.`);
    if (isPosted && [...given.keys()].some((name) => name.endsWith(':identifier')))
      throw new Fault('invalid-request', 'Whoever is meant does not stand in an address: send it in the form.');
    const body: unknown = request.body;
    if (isPosted)
      for (const [name, value] of new URLSearchParams(typeof body === 'string' ? body : '')) given.append(name, value);
    const page = pageAsked(pageKey, session, type, given);
    const question = readQuestion(page?.used ?? given, of.parameters, isPosted || page !== undefined);
    const after = page?.after.at(0);
    const { resources, total, next } = await of.search(
      question,
      typeof after === 'string' ? after : undefined,
      session,
    );
    sendFhir(
      response,
      200,
      searchset({
        base: `${baseUrl}/fhir`,
        path: type,
        // A link is an address too.
        used: question.used.filter(([name]) => !name.endsWith(':identifier')),
        includes: [],
        ignored: [],
        total,
        matches: resources,
        released: resources,
        outcomes: [],
        self: page === undefined ? undefined : (given.get('_page') ?? undefined),
        next: nextPage(pageKey, session, type, {
          used: question.used,
          ignored: [],
          next: next === undefined ? undefined : [next],
        }),
      }),
    );
  };

  const readable = (request: Request): void => {
    const given = parametersOfUrl(request.originalUrl);
    formatOf(request, given, ['json']);
    checkGeneral(given, isLenient(request));
  };

  const searchText = express.text({ type: form, limit: '64kb' });
  const ofConsents = { type: 'Consent', parameters: consentParameters, search: consents.search };
  const searchConsents = async (
    request: Request,
    response: Response,
    next: (route?: 'route') => void,
  ): Promise<void> => {
    const session = await asking.session(request);
    if (!isOfRegister(session, 'search')) return next('route');
    await searched(ofConsents, session, request, response);
  };
  router.get('/Consent', searchConsents);
  router.post('/Consent/_search', searchText, searchConsents);
  router.get('/Consent/:id', async (request, response, next) => {
    const session = await asking.session(request);
    if (!isOfRegister(session, 'read')) return next('route');
    readable(request);
    sendFhir(response, 200, await consents.read(request.params.id, session));
  });
  router.post('/Consent', async (request, response) => {
    const session = await asking.session(request);
    await asking.permit(request, session, 'Consent', 'create', 'user');
    readable(request);
    const made = await consents.create(await consentBody(request, response), session);
    response.location(`${baseUrl}/fhir/Consent/${String(made['id'])}`);
    sendFhir(response, 201, made);
  });
  router.put('/Consent/:id', async (request, response) => {
    const session = await asking.session(request);
    await asking.permit(request, session, 'Consent', 'update', 'user');
    readable(request);
    const { id } = request.params;
    sendFhir(response, 200, await consents.update(id, await consentBody(request, response), session));
  });

  const ofEvents = { type: 'AuditEvent', parameters: auditParameters, search: events.search };
  const searchEvents = async (request: Request, response: Response): Promise<void> => {
    const session = await asking.session(request);
    await asking.permit(request, session, 'AuditEvent', 'search', 'user');
    await searched(ofEvents, session, request, response);
  };
  router.get('/AuditEvent', searchEvents);
  router.post('/AuditEvent/_search', searchText, searchEvents);
  router.get('/AuditEvent/:id', async (request, response) => {
    const session = await asking.session(request);
    await asking.permit(request, session, 'AuditEvent', 'read', 'user');
    readable(request);
    sendFhir(response, 200, await events.read(request.params.id, session));
  });
}
