import { also, coded, sct, words, type Concept } from './codes.ts';
import { system } from '../../src/fhir/systems.ts';

/** A laboratory test: what it is called, its unit (UCUM code beside the printed unit) and the usual reference range. */
export type LabTest = {
  readonly code: Concept;
  readonly unit: string;
  readonly ucum: string;
  readonly low?: number;
  readonly high?: number;
};

function test(
  name: string,
  unit: string,
  ucum: string,
  range: readonly [low?: number | undefined, high?: number | undefined],
  loinc: string,
  snomed?: readonly [code: string, term: string],
): LabTest {
  const inLoinc = coded(system.loinc, loinc, name);
  const [low, high] = range;
  return {
    code: { ...(snomed === undefined ? also(words(name), inLoinc) : also(sct(...snomed), inLoinc)), text: name },
    unit,
    ucum,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

/** The tests of the demo's laboratories. Ranges are those that UK laboratories print for adults. */
export const labTests = {
  sodium: test('Sodium', 'mmol/L', 'mmol/L', [133, 146], '2951-2', ['1000661000000107', 'Serum sodium level']),
  potassium: test('Potassium', 'mmol/L', 'mmol/L', [3.5, 5.3], '2823-3', ['1000651000000109', 'Serum potassium level']),
  urea: test('Urea', 'mmol/L', 'mmol/L', [2.5, 7.8], '22664-7', ['1000951000000103', 'Serum urea level']),
  creatinine: test('Creatinine', 'µmol/L', 'umol/L', [59, 104], '14682-9', [
    '1000731000000107',
    'Serum creatinine level',
  ]),
  egfr: test('eGFR', 'mL/min/1.73 m²', 'mL/min/{1.73_m2}', [60, undefined], '62238-1', [
    '1011481000000105',
    'Estimated glomerular filtration rate using creatinine Chronic Kidney Disease Epidemiology Collaboration equation per 1.73 square metres',
  ]),
  bicarbonate: test('Bicarbonate', 'mmol/L', 'mmol/L', [22, 29], '1963-8'),
  magnesium: test('Magnesium', 'mmol/L', 'mmol/L', [0.7, 1], '2601-3'),
  crp: test('CRP', 'mg/L', 'mg/L', [0, 5], '1988-5', ['1001371000000100', 'Serum C reactive protein level']),
  ntProBnp: test('NT-proBNP', 'ng/L', 'ng/L', [0, 400], '33762-6'),
  haemoglobin: test('Haemoglobin', 'g/L', 'g/L', [130, 180], '718-7', ['1022431000000105', 'Haemoglobin estimation']),
  whiteCells: test('White cell count', '10⁹/L', '10*9/L', [4, 11], '6690-2', [
    '1022541000000102',
    'Total white cell count',
  ]),
  platelets: test('Platelets', '10⁹/L', '10*9/L', [150, 400], '777-3', ['1022651000000100', 'Platelet count']),
  ferritin: test('Ferritin', 'µg/L', 'ug/L', [30, 400], '2276-4'),
  hba1c: test('HbA1c', 'mmol/mol', 'mmol/mol', [20, 41], '59261-8', [
    '999791000000106',
    'Haemoglobin A1c level - International Federation of Clinical Chemistry and Laboratory Medicine standardised',
  ]),
  hba1cPercent: test('HbA1c', '%', '%', [4, 6], '4548-4'),
  cholesterol: test('Total cholesterol', 'mmol/L', 'mmol/L', [undefined, 5], '14647-2', [
    '1005671000000105',
    'Serum cholesterol level',
  ]),
  alt: test('ALT', 'U/L', 'U/L', [0, 50], '1742-6'),
  albumin: test('Albumin', 'g/L', 'g/L', [35, 50], '1751-7'),
  bilirubin: test('Bilirubin', 'µmol/L', 'umol/L', [0, 21], '14631-6'),
  alp: test('Alkaline phosphatase', 'U/L', 'U/L', [30, 130], '6768-6'),
  tsh: test('TSH', 'mU/L', 'm[IU]/L', [0.3, 4.5], '3016-3'),
  inr: test('INR', '', '{INR}', [0.8, 1.2], '6301-6'),
  troponin: test('Troponin T, high sensitivity', 'ng/L', 'ng/L', [0, 14], '67151-1'),
  acr: test('Urine albumin:creatinine ratio', 'mg/mmol', 'mg/mmol', [0, 3], '30000-4'),
  lithium: test('Lithium', 'mmol/L', 'mmol/L', [0.4, 1], '14334-7'),
  phosphate: test('Phosphate', 'mmol/L', 'mmol/L', [0.8, 1.5], '14879-1'),
  calcium: test('Adjusted calcium', 'mmol/L', 'mmol/L', [2.2, 2.6], '29265-6'),
} as const satisfies Record<string, LabTest>;

export type LabTestKey = keyof typeof labTests;

/** Vital signs: SNOMED CT as UK systems send it, LOINC beside it. */
export const vitals = {
  pulse: test('Heart rate', '/min', '/min', [], '8867-4', ['364075005', 'Heart rate']),
  saturation: test('Peripheral oxygen saturation', '%', '%', [], '2708-6', [
    '431314004',
    'Peripheral oxygen saturation',
  ]),
  temperature: test('Body temperature', '°C', 'Cel', [], '8310-5', ['386725007', 'Body temperature']),
  respiration: test('Respiratory rate', '/min', '/min', [], '9279-1', ['86290005', 'Respiratory rate']),
  weight: test('Body weight', 'kg', 'kg', [], '29463-7', ['27113001', 'Body weight']),
  height: test('Body height', 'cm', 'cm', [], '8302-2', ['50373000', 'Body height']),
  bmi: test('Body mass index', 'kg/m²', 'kg/m2', [], '39156-5', ['60621009', 'Body mass index']),
} as const satisfies Record<string, LabTest>;

export type VitalKey = keyof typeof vitals;

/** Above or below the range: `H`, `L`, or undefined within it or where there is none. */
export function interpretationOf(value: number, low?: number, high?: number): 'H' | 'L' | undefined {
  if (high !== undefined && value > high) return 'H';
  return low !== undefined && value < low ? 'L' : undefined;
}
