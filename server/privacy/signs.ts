import { ohc } from '../../src/fhir/systems.ts';
import type { LoadedCategory } from '../config/config.ts';
import { classificationCode, codeText, readStem, snomedIds, terminologyOf, type Terminology } from './terminology.ts';
import { createWordTest } from './words.ts';

/** What shows that a thing belongs to a category that is never shown, each as a test of one value. */
export type Signs = {
  /** A coding; `ofService` where it stands in an element that names a service, so that a bare treatment function counts. */
  readonly coding: (system: unknown, code: unknown, ofService: boolean) => boolean;
  /** A security label, by its code. */
  readonly label: (code: unknown) => boolean;
  /** An identifier of an organisation or site. */
  readonly identifier: (system: unknown, value: unknown) => boolean;
  /** An ODS code, wherever it is known to be one. */
  readonly organisation: (ods: string) => boolean;
  /** Words in what a thing is called or says. */
  readonly words: (text: string) => boolean;
};

/** Where a code is an id of SNOMED CT's form. */
const isIdsOwn: ReadonlySet<Terminology> = new Set(['SNOMED CT', 'dm+d', 'none']);

/** True where the code, or the stem of any length that it begins with, is in the set. */
function inClassification(set: ReadonlySet<string>, code: string): boolean {
  const plain = classificationCode(code);
  for (let length = 3; length <= plain.length; length += 1) if (set.has(plain.slice(0, length))) return true;
  return false;
}

/**
 * The signs of all enabled categories. Pure; the sets are made once.
 * Codes match by system and code: SNOMED CT and dm+d by id, Read v2 and CTV3 by their five bytes with their case, ICD-10
 * and OPCS-4 by stem. A code without a system counts where it can be nothing else.
 */
export function createSigns(categories: readonly LoadedCategory[]): Signs {
  const enabled = categories.filter((category) => category.enabled);
  const listed = enabled.flatMap((category) => category.listedCodes);
  const codesOf = (system: string): readonly string[] =>
    listed.filter((one) => one.system === system).map((one) => one.code);
  const ids = new Set([...codesOf('SNOMED CT'), ...codesOf('dm+d'), ...enabled.flatMap((one) => one.services)]);
  const readV2 = new Set(codesOf('Read v2').map(readStem));
  const ctv3 = new Set(codesOf('CTV3').map(readStem));
  const icd10 = new Set(codesOf('ICD-10').map(classificationCode));
  const opcs4 = new Set(codesOf('OPCS-4').map(classificationCode));
  const specialties = new Set(enabled.flatMap((one) => one.specialties));
  const organisations = new Set(enabled.flatMap((one) => one.organisations).map((one) => one.toUpperCase()));
  // A place that could not be read may be any clinic: it goes, and what was done there, even where no label is configured.
  const labels = new Set([...enabled.flatMap((one) => one.securityLabels), ohc.unreadCode]);
  // SHHAPT codes are those of genito-urinary medicine clinics, treatment function 360.
  const withClinics = specialties.has('360');

  const anyId = ids.size > 0;
  const isId = (code: string): boolean =>
    ids.has(code) || (!/^\d+$/.test(code) && snomedIds(code).some((id) => ids.has(id)));
  const isRead = (code: string): boolean => readV2.has(readStem(code)) || ctv3.has(readStem(code));
  const isOrganisation = (value: string): boolean => {
    const ods = value.trim().toUpperCase();
    // A trust's site codes are its own three characters and two more.
    return organisations.has(ods) || (ods.length === 5 && organisations.has(ods.slice(0, 3)));
  };

  return {
    coding: (system, code, ofService) => {
      const terminology = terminologyOf(system);
      // Which id a number of sixteen digits and more was, nobody can tell: what cannot be decided is not shown.
      if (typeof code === 'number' && !Number.isSafeInteger(code)) return isIdsOwn.has(terminology) && anyId;
      const plain = codeText(code);
      if (plain === undefined) return false;
      switch (terminology) {
        case 'SNOMED CT':
        case 'dm+d':
          return isId(plain);
        case 'Read v2':
          return readV2.has(readStem(plain));
        // CTV3 took over the five-byte codes that it did not replace.
        case 'CTV3':
        case 'Read':
          return isRead(plain);
        case 'ICD-10':
          return inClassification(icd10, plain);
        case 'OPCS-4':
          return inClassification(opcs4, plain);
        case 'services':
          return specialties.has(plain) || isId(plain);
        case 'ods':
          return isOrganisation(plain);
        case 'shhapt':
          return withClinics;
        case 'none':
          return isId(plain) || (/^.{5}(.{2})?$/.test(plain) && isRead(plain)) || (ofService && specialties.has(plain));
        case 'other':
          return false;
      }
    },
    label: (code) => typeof code === 'string' && labels.has(code.trim()),
    identifier: (system, value) =>
      typeof value === 'string' && terminologyOf(system) === 'ods' && isOrganisation(value),
    organisation: isOrganisation,
    words: createWordTest(enabled),
  };
}
