import { objects, text } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import type { Source } from '../config/schema.ts';
import { Fault, undecided } from '../fault.ts';
import type { Asker, Federation, Traced } from './answer.ts';
import type { SourceAuth } from './auth/reach.ts';
import type { Breakers } from './breaker.ts';
import { sameBirthDate } from './identity.ts';
import { confidentialityOf, numberOf } from './pds.ts';
import { baseOf } from './resolver.ts';

/** The service reads `*` as any letters: with it a trace would be a look around. */
const wildcard = /[*?]/;

/** The one Patient of a search set. Anything beside it (another match, a further page, a warning) makes it not one. */
function onlyMatch(bundle: Resource): Resource | undefined {
  const [entry, ...others] = objects(bundle['entry']);
  const hasMore = objects(bundle['link']).some((link) => text(link['relation']) === 'next');
  const total = bundle['total'];
  if (entry === undefined || others.length > 0 || hasMore || (typeof total === 'number' && total > 1)) return undefined;
  const { resource } = entry;
  return isResource(resource) && resource.resourceType === 'Patient' ? resource : undefined;
}

/**
 * Looks for one person at the demographics service (PDS FHIR R4, search of Patient). None, many, one who is restricted
 * and one of another birth date are the same to the caller. The service takes what it is asked only in the address,
 * which is never logged.
 */
export function createTrace({
  source,
  auth,
  breakers,
}: {
  readonly source: Source;
  readonly auth: SourceAuth;
  readonly breakers: Breakers;
}): Federation['trace'] {
  const search = async (traced: Traced, asker: Asker, signal: AbortSignal): Promise<string | undefined> => {
    const { family, given, gender, birthDate, postcode } = traced;
    if (Object.values(traced).some((value) => wildcard.test(value))) return undefined;
    const query = new URLSearchParams({
      family,
      given,
      gender,
      birthdate: `eq${birthDate}`,
      'address-postalcode': postcode,
    });
    const { http } = await auth.reach({ asker, signal });
    const answer = await http.request({
      address: source.baseUrl,
      method: 'GET',
      url: `${baseOf(source.baseUrl)}/Patient?${query.toString()}`,
      signal,
    });
    // Something in what was typed is not to its liking: nobody has that name, or that postcode.
    if (answer.status === 400 || answer.status === 404 || answer.status === 422) return undefined;
    if (answer.status >= 300) throw undecided(`trace: status ${answer.status}`);
    if (!isResource(answer.body)) throw undecided('trace: no FHIR');
    // With status 200 an outcome says that too many match.
    if (answer.body.resourceType === 'OperationOutcome') return undefined;
    if (answer.body.resourceType !== 'Bundle') throw undecided('trace: no Bundle');
    const patient = onlyMatch(answer.body);
    if (patient === undefined || confidentialityOf(patient) === 'restricted') return undefined;
    return sameBirthDate(text(patient['birthDate']), birthDate) ? numberOf(patient) : undefined;
  };

  return async (traced, asker, signal) => {
    try {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(source.deadlineMs)]);
      return await breakers.guard(source.baseUrl, () => search(traced, asker, bounded));
    } catch (error) {
      throw error instanceof Fault ? error : undecided('trace: could not be asked', error);
    }
  };
}
