import type { Chart } from '../chart/chart.ts';
import type { PatientVariant } from '../chart/patient.ts';
import type { PracticePatient, PracticeRecord } from '../practice/record.ts';
import type { Demographic } from '../serve/pds.ts';
import type { R4SystemId } from '../systems.ts';

/** What each system holds about one person: a system that is not named holds nothing. */
export type Story = {
  /** Key of the person. */
  readonly key: string;
  /** What the demographics service alone knows. */
  readonly demographic?: Demographic;
  readonly gp?: (record: PracticeRecord) => void;
  readonly gpPatient?: PracticePatient;
  /** The practice's system answers NO_PATIENT_CONSENT. */
  readonly gpConsent?: false;
  /** How a system's own Patient differs. */
  readonly patients?: { readonly [system in R4SystemId]?: PatientVariant };
} & { readonly [system in R4SystemId]?: (chart: Chart) => void };
