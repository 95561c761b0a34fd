import { dayOf } from '../../../src/fhir/date.ts';
import { text, type JsonObject } from '../../../src/fhir/json.ts';
import type { Config } from '../../config/config.ts';
import type { SmartHost } from '../../config/schema.ts';
import { knownOf, type Attempt, type ProvedContext } from '../attempt.ts';
import { registeredClient } from '../client.ts';
import { confirmIdentity, type AskDemographics } from '../identity.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';
import { rolesOf } from '../registration/role.ts';
import { launchedIn } from './fhir-context.ts';
import { createFhirRead, type FhirRead } from './fhir-read.ts';
import { cleanName, readFhirUser, readUser, type AssertedUser, type UserReference } from './fhir-user.ts';
import { personOf } from './patient.ts';
import type { TokenResponse } from './token-response.ts';

/** What a host has said at the end of the code flow. */
export type HostAnswer = {
  readonly host: SmartHost;
  readonly sub: string;
  /** Of an id token that was verified. */
  readonly claims: JsonObject;
  readonly response: TokenResponse;
};

/** What is needed to prove what it said. */
export type ProveDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly demographics: AskDemographics;
  /** The app that is launched. */
  readonly clientId: string;
  readonly fetch?: Fetch;
};

/** FHIR date of a day in London. */
function today(now: number): string {
  const { year, month, day } = dayOf(now);
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

async function askUser(
  config: Config,
  { host, response }: HostAnswer,
  user: UserReference | undefined,
  read: FhirRead,
): Promise<AssertedUser> {
  if (user === undefined) return {};
  const [roleId] = launchedIn(response.fhirContext, 'PractitionerRole');
  return readUser(read, { iss: host.iss, user, roleId, allowed: rolesOf(config, host), today: today(Date.now()) });
}

async function askPerson(
  { host, response }: HostAnswer,
  read: FhirRead,
): Promise<{ readonly nhsNumber: string; readonly birthDate: string } | undefined> {
  if (response.patient === undefined) return undefined;
  const patient = await read('Patient', response.patient);
  if (patient === undefined) throw refuse('host-answer', 'the host does not let its own Patient be read');
  const person = personOf(patient);
  if (person === undefined && !host.recordAsSource)
    throw refuse('nhs-number-missing', 'the Patient of the host has no NHS number');
  return person;
}

/**
 * From a host's answer to a proved context: the user and the person are read at the host with the user's token, the
 * person is confirmed by the demographics service. A person without an NHS number goes on where the host's own record
 * is shown, and nobody else is asked about them.
 * @throws {Fault} one code for each check
 */
export async function proveContext(deps: ProveDeps, answer: HostAnswer, attempt: Attempt): Promise<ProvedContext> {
  const { config } = deps;
  const { host, sub, claims, response } = answer;
  const idTokenName = cleanName(text(claims['name'])) ?? cleanName(text(claims['preferred_username']));
  attempt.known = { user: { host: host.id, id: sub, name: idTokenName ?? sub } };
  const client = registeredClient(config, deps.baseUrl, deps.clientId, Date.now());
  if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');

  const reference = readFhirUser(claims['fhirUser'], host.iss);

  const read = createFhirRead(host.iss, response.tokens.accessToken, deps.fetch);
  const [user, patient] = await Promise.all([askUser(config, answer, reference, read), askPerson(answer, read)]);
  const { encounter, intent, fhirContext, messaging, needsBanner } = response;
  const context: ProvedContext = {
    host: host.id,
    user: {
      id: sub,
      name: user.name ?? idTokenName ?? sub,
      // A host that gives no name leaves it to the user, once.
      ...(user.name === undefined && idTokenName === undefined ? { said: ['name'] as const } : {}),
      ...(user.registration === undefined ? {} : { registration: user.registration }),
    },
    organisation: { ods: host.organisation, name: host.organisationName ?? host.name },
    ...(user.role === undefined ? {} : { role: user.role }),
    ...(patient === undefined ? {} : { patient }),
    ...(encounter === undefined ? {} : { encounter }),
    ...(intent === undefined ? {} : { intent }),
    ...(fhirContext.length === 0 ? {} : { fhirContext }),
    ...(messaging === undefined ? {} : { messaging }),
    ...(needsBanner === undefined ? {} : { needsBanner }),
    clientId: client.clientId,
  };
  attempt.known = knownOf(context);
  return confirmIdentity(config, deps.demographics, context);
}
