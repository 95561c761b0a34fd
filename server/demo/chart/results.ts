import { called, hl7, sct, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import { labTests, type LabTestKey } from '../lab-tests.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Chart, Ref } from './chart.ts';
import { interpretation } from './findings.ts';
import type { Staff } from './staff.ts';

/** A set of laboratory results of one specimen. */
export type BloodsEntry = {
  readonly at: When;
  readonly title: string;
  readonly values: { readonly [key in LabTestKey]?: number };
  /** Ranges of this laboratory where they are not the usual ones. */
  readonly ranges?: { readonly [key in LabTestKey]?: readonly [low?: number, high?: number] };
  readonly status?: 'final' | 'preliminary' | 'corrected';
  readonly specimen?: Concept;
  readonly encounter?: Ref;
  readonly by?: Ref;
  readonly note?: string;
};

const venousBlood = sct('122555007', 'Venous blood specimen');

/** A DiagnosticReport with its Specimen and an Observation a test, each with its range and what it means. */
export function bloods(chart: Chart, entry: BloodsEntry): Ref {
  const taken = chart.calendar.instant(entry.at);
  const specimen = chart.add('Specimen', entry.at, {
    status: 'available',
    type: entry.specimen ?? venousBlood,
    collection: { collectedDateTime: taken },
  });
  const performer = [entry.by ?? chart.organisation];
  const result = Object.entries(labTests).flatMap(([key, one]) => {
    const value = entry.values[key as LabTestKey];
    if (value === undefined) return [];
    const own = entry.ranges?.[key as LabTestKey];
    const low = own === undefined ? ('low' in one ? one.low : undefined) : own[0];
    const high = own === undefined ? ('high' in one ? one.high : undefined) : own[1];
    const quantity = (number: number | undefined): unknown =>
      number === undefined ? undefined : { value: number, unit: one.unit, system: system.ucum, code: one.ucum };
    const ref = chart.add('Observation', entry.at, {
      status: entry.status ?? 'final',
      category: [hl7.observationCategory('laboratory', 'Laboratory')],
      code: one.code,
      encounter: entry.encounter,
      effectiveDateTime: taken,
      issued: taken,
      performer,
      valueQuantity: quantity(value),
      interpretation: interpretation(value, low, high),
      specimen,
      referenceRange:
        low === undefined && high === undefined
          ? undefined
          : [
              {
                ...(low === undefined ? {} : { low: quantity(low) }),
                ...(high === undefined ? {} : { high: quantity(high) }),
              },
            ],
    });
    return [{ ...ref, display: one.code.text ?? key }];
  });
  return chart.add('DiagnosticReport', entry.at, {
    status: entry.status ?? 'final',
    category: [hl7.diagnosticService('LAB', 'Laboratory')],
    code: { ...sct('721981007', 'Diagnostic studies report'), text: entry.title },
    encounter: entry.encounter,
    effectiveDateTime: taken,
    issued: taken,
    performer,
    specimen: [specimen],
    result,
    conclusion: entry.note,
  });
}

/** An imaging or other investigation that is told in words. */
export function report(
  chart: Chart,
  entry: {
    readonly what: Concept;
    readonly at: When;
    readonly conclusion: string;
    readonly service?: readonly [code: string, display: string];
    readonly by?: Staff;
    readonly encounter?: Ref;
    readonly imaging?: { readonly modality: readonly [code: string, display: string] };
  },
): Ref {
  const when = chart.calendar.instant(entry.at);
  const study =
    entry.imaging === undefined
      ? undefined
      : chart.add('ImagingStudy', entry.at, {
          status: 'available',
          started: when,
          encounter: entry.encounter,
          description: called(entry.what),
          modality: [
            {
              system: 'http://dicom.nema.org/resources/ontology/DCM',
              code: entry.imaging.modality[0],
              display: entry.imaging.modality[1],
            },
          ],
          numberOfSeries: 1,
        });
  return chart.add('DiagnosticReport', entry.at, {
    status: 'final',
    category: [hl7.diagnosticService(...(entry.service ?? (['RAD', 'Radiology'] as const)))],
    code: entry.what,
    encounter: entry.encounter,
    effectiveDateTime: when,
    issued: when,
    performer: [entry.by === undefined ? chart.organisation : chart.staff(entry.by)],
    imagingStudy: study === undefined ? undefined : [study],
    conclusion: entry.conclusion,
  });
}

/** Something that was done. */
export function procedure(
  chart: Chart,
  entry: {
    readonly what: Concept;
    readonly at: When;
    readonly by?: Staff;
    readonly encounter?: Ref;
    readonly note?: string;
    readonly reason?: Ref;
  },
): Ref {
  return chart.add('Procedure', entry.at, {
    status: 'completed',
    code: entry.what,
    encounter: entry.encounter,
    performedDateTime: chart.calendar.instant(entry.at),
    performer: entry.by === undefined ? undefined : [{ actor: chart.staff(entry.by) }],
    reasonReference: entry.reason === undefined ? undefined : [entry.reason],
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
}
