import { object, objects, text } from '../fhir/json.ts';
import { wordsOf } from '../fhir/outcome.ts';
import { bodies, type Body } from '../fhir/registration-body.ts';
import type { Session } from './session.ts';

/** What the server knows of the user: as their next look will stand on the audit trail. */
export type Profile = {
  readonly name: string;
  readonly registration: { readonly body: Body; readonly number: string } | undefined;
};

/** The user's own profile: to be read, and corrected where the host does not assert it. */
export type OwnProfile = {
  /** @throws where it could not be read */
  readonly read: () => Promise<Profile>;
  /** Resolves with the profile as it is now, or with the server's words for why it is not. */
  readonly correct: (profile: Profile) => Promise<Profile | { readonly refused: string }>;
};

const couldNot = 'This could not be saved. Try again in a minute.';

function profileOf(resource: unknown): Profile {
  const practitioner = object(resource);
  const [identifier] = objects(practitioner?.['identifier']);
  const body = (Object.keys(bodies) as Body[]).find((one) => bodies[one].system === text(identifier?.['system']));
  const number = text(identifier?.['value']);
  return {
    name: text(objects(practitioner?.['name'])[0]?.['text']) ?? '',
    registration: body === undefined || number === undefined ? undefined : { body, number },
  };
}

/** The profile behind a path of the session, `Practitioner/[id]`: FHIR's own read and update. */
export function ownProfile(session: Pick<Session, 'fetch'>, path: string): OwnProfile {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return {
    read: async () => {
      const response = await session.fetch(path);
      if (!response.ok) throw new Error(`own profile: ${response.status}`);
      return profileOf(await response.json());
    },
    correct: async ({ name, registration }) => {
      const identifier =
        registration === undefined
          ? {}
          : { identifier: [{ system: bodies[registration.body].system, value: registration.number }] };
      try {
        const response = await session.fetch(path, {
          method: 'PUT',
          headers: { 'content-type': 'application/fhir+json' },
          body: JSON.stringify({ resourceType: 'Practitioner', id, ...identifier, name: [{ text: name }] }),
        });
        const answer: unknown = await response.json();
        return response.ok ? profileOf(answer) : { refused: wordsOf(answer) ?? couldNot };
      } catch {
        return { refused: couldNot };
      }
    },
  };
}
