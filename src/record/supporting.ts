import { text } from '../fhir/json.ts';
import { anyValue, joined, notesOf, statusOf, statusWord, whenOf } from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { calledOf } from './people.ts';
import { words } from './words.ts';

/** What names and explains other records: one group each, under About this record, so that nothing is lost (rule 1). */
export function readSupporting(reader: Reader): Fact {
  return readOther(reader, 'supporting');
}

/** Any other type, known or not: shown as far as it can be. */
export function readUnknown(reader: Reader): Fact {
  return readOther(reader, 'other');
}

function readOther(reader: Reader, subsection: 'supporting' | 'other'): Fact {
  const { resource } = reader;
  const type = statusWord(resource.resourceType) ?? words.nameNotRecorded;
  const status = statusOf(resource['status']);
  // The person's names and numbers stand in the banner and the drawer, not in a list (one Patient).
  const name = resource.resourceType === 'Patient' ? undefined : calledOf(resource, (one) => reader.follow(one));
  return fact(reader, {
    section: 'about',
    subsection,
    title: name ?? type,
    status: statusWord(status),
    detail: joined([
      name === undefined ? undefined : type,
      text(resource['description']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(
      resource['date'],
      resource['created'],
      resource['recorded'],
      resource['authoredOn'],
      resource['authored'],
      resource['issued'],
      resource['period'],
      resource['billablePeriod'],
      anyValue(resource, 'effective'),
      anyValue(resource, 'occurrence'),
      anyValue(resource, 'collected'),
    ),
    struckThrough: status === 'entered-in-error',
  });
}
