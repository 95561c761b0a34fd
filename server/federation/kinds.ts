import type { Source } from '../config/schema.ts';
import type { Adapter } from './adapter.ts';
import type { Connections } from './connections.ts';
import { createFhirR4Adapter } from './fhir-r4.ts';
import { gpConnectAdapter } from './gp-connect.ts';
import { relatedPersonsAdapter } from './related-persons.ts';

export type Kind = Source['kind'];

/** The adapter of each kind; of the demographics service, what it has beside who the person is. A kind that is added to `schema.ts` does not compile before it has its line here. */
export type Kinds = Readonly<Record<Kind, Adapter>>;

export function kindsOf({ capabilities }: Pick<Connections, 'capabilities'>): Kinds {
  return {
    'fhir-r4': createFhirR4Adapter(capabilities),
    'gp-connect': gpConnectAdapter,
    pds: relatedPersonsAdapter,
  };
}
