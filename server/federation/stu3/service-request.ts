import { lookup, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import {
  annotation,
  context,
  keep,
  kept,
  listed,
  requester,
  requestStatus,
  translateAs,
  type Members,
  type Rules,
} from './element.ts';

const both: Rules = {
  status: (value) => ({ status: lookup(requestStatus, text(value)) ?? value }),
  definition: keep('definition'),
  context,
  requester,
};

/** ProcedureRequest (a diary entry, or a test asked for) as ServiceRequest. */
export function procedureRequest(from: Resource): Resource {
  return {
    status: 'unknown',
    ...translateAs('ServiceRequest', from, { ...both, performer: listed('performer') }),
  };
}

/** What is asked for: one concept in R4; further ones are its details. */
function serviceRequested(value: unknown): Members {
  const [code, ...orderDetail] = objects(value);
  return { ...(code === undefined ? {} : { code }), ...(orderDetail.length === 0 ? {} : { orderDetail }) };
}

/** ReferralRequest as ServiceRequest; its category says that it is a referral. */
export function referralRequest(from: Resource): Resource {
  const into = translateAs('ServiceRequest', from, {
    ...both,
    groupIdentifier: 'requisition',
    type: listed('category'),
    serviceRequested,
    specialty: 'performerType',
    recipient: listed('performer'),
    description: annotation,
    doNotPerform: (value) => kept('doNotPerform', value),
  });
  return {
    status: 'unknown',
    ...into,
    category: [
      ...objects(into['category']),
      { coding: [{ system: system.snomed, code: '3457005', display: 'Patient referral' }] },
    ],
  };
}
