import { codingsOf } from '../fhir/coding.ts';
import { metaOf } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import type { Fact } from './fact.ts';
import type { SectionId } from './record.ts';

/** Where such information stands; elsewhere the words are names of people, places and tests. */
const sections: ReadonlySet<SectionId> = new Set([
  'alerts',
  'problems',
  'procedures',
  'encounters',
  'appointments',
  'documents',
  'care-plans',
  'social-care',
  'mental-health',
]);

/** Deprivation of liberty and liberty protection safeguards are the law about a person's care, and no concern about harm. */
const law = /deprivation of liberty safeguards?|liberty protection safeguards?/gi;
const concern =
  /safeguard|child(?:ren)?(?:’s|'s)? (?:at risk|in need|protection)|\bcp-?is\b|\bmarac\b|domestic (?:abuse|violence)|(?:adult|child|person) at risk of (?:abuse|harm|neglect|exploitation)|non-accidental injury|child sexual exploitation|modern slavery|female genital mutilation|(?:physical|sexual|emotional|financial) abuse|section (?:42|47) enquiry/i;
/** Sexual assault, abuse or domestic violence: the label of who wrote it. */
const label = 'SDV';

/**
 * Whether something tells of a concern that a person is being, or may be, harmed by others. Read off its name, of an alert
 * off its category too, and off the label that its source gave it; what merely mentions it in its text is not one.
 */
export function isSafeguarding({
  section,
  title,
  detail,
  entry,
}: Pick<Fact, 'section' | 'title' | 'detail' | 'entry'>): boolean {
  if (!sections.has(section)) return false;
  const said = section === 'alerts' && detail !== undefined ? `${title}; ${detail}` : title;
  if (concern.test(said.replaceAll(law, ''))) return true;
  const { security } = metaOf(entry.resource);
  return (
    security !== undefined && codingsOf(security).some((one) => one.system === system.actCode && one.code === label)
  );
}
