import type { Resource } from '../../../src/fhir/resource.ts';
import { lookup, text } from '../../../src/fhir/json.ts';
import { context, each, keep, kept, translate, translateAs } from './element.ts';

const statuses: Readonly<Record<string, string>> = { suspended: 'on-hold', aborted: 'stopped' };

/** Procedure: not done is a status in R4; what was entered in error stays so whatever it says besides (H6). */
export function procedure(from: Resource): Resource {
  const notDone = from['notDone'] === true && from['status'] !== 'entered-in-error';
  return translateAs('Procedure', from, {
    status: (status) =>
      notDone
        ? { status: 'not-done', ...kept('status', status) }
        : { status: lookup(statuses, text(status)) ?? status },
    // Said by the status, but where that says the other thing.
    notDone: (value) => (value === false || notDone ? {} : kept('notDone', value)),
    notDoneReason: 'statusReason',
    definition: keep('definition'),
    context,
    performer: each('performer', (one) => translate(one, { role: 'function' })),
  });
}
