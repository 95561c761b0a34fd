import { isResource, type Resource } from '../../../src/fhir/resource.ts';
import { Fault, undecided } from '../../fault.ts';
import { faultOfAnswer } from '../openid/answer-fault.ts';
import { guardedFetch, type Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';
import { fhirBaseOf } from './discovery.ts';
import { isFhirId } from './fhir-context.ts';

/** A Patient or a Practitioner may carry a photograph; nothing else makes one long. */
const longestBytes = 4 * 1_048_576;

/**
 * Reads one resource of a host with the user's token. Undefined where the host does not let this user have it, or has
 * none.
 * @throws {Fault} `host-answer` where what comes is not what was asked for; `undecided` where nothing comes
 */
export type FhirRead = (type: string, id: string) => Promise<Resource | undefined>;

/** Reads at a host's FHIR base, and nowhere else: the token goes to no other address. */
export function createFhirRead(iss: string, accessToken: string, fetchIt?: Fetch): FhirRead {
  const base = fhirBaseOf(iss);
  const guarded = guardedFetch(fetchIt, { longestBytes });
  return async (type, id) => {
    if (!isFhirId(id)) throw refuse('host-answer', `${type}: an id that is none`);
    try {
      const answer = await guarded(`${base}/${type}/${id}`, {
        headers: { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` },
      });
      if (answer.status >= 500 || answer.status === 429) throw undecided(`${type}: status ${answer.status}`);
      if (!answer.ok) return undefined;
      const resource: unknown = await answer.json();
      if (!isResource(resource) || resource.resourceType !== type || resource['id'] !== id)
        throw refuse('host-answer', `${type}: the host answered with another resource`);
      return resource;
    } catch (error) {
      throw error instanceof Fault ? error : faultOfAnswer(error);
    }
  };
}
