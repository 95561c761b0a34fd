import { ashgrove } from '../hosts/host.ts';
import type { R4System } from '../systems.ts';

/** Where Ashgrove's FHIR server and its authorization server stand below the demo's origin. */
export const ashgrovePaths = { fhir: '/ashgrove/fhir', authorization: '/ashgrove/auth' } as const;

/** The FHIR server of Ashgrove: no source of the region; only who is launched from there reads in it. */
export const ashgroveSystem: R4System = {
  kind: 'fhir-r4',
  id: 'ashgrove',
  path: ashgrovePaths.fhir,
  ods: ashgrove.organisation,
  name: ashgrove.organisationName,
  latencyMs: 40,
  dataAgeHours: 0,
  style: {
    asked: 'everything',
    pageSize: 50,
    ids: 'uuid',
    references: 'relative',
    staff: 'resource',
    lastUpdated: true,
    recordedDate: true,
  },
};
