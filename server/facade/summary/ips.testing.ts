import { object, objects, text, texts } from '../../../src/fhir/json.ts';
import { entriesOf, idOf, isResource, type Resource } from '../../../src/fhir/resource.ts';

const required = ['48765-2', '10160-0', '11450-4'];
const allowedTags = new Set(['div', 'p', 'table', 'thead', 'tbody', 'tr', 'th', 'td']);

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return Object.entries(value).flatMap(([name, inner]) => (name === 'reference' ? texts(inner) : referencesIn(inner)));
}

/** What is wrong with a narrative: tags that are not ours, or not closed, or characters that would be markup. */
function narrativeFaults(div: string): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, slash, tag = '', rest = ''] of div.matchAll(/<(\/?)([a-z]+)([^<>]*)>/g)) {
    if (!allowedTags.has(tag) || (rest !== '' && rest !== ' xmlns="http://www.w3.org/1999/xhtml"'))
      faults.push(`narrative holds <${tag}${rest}>`);
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) faults.push(`narrative closes ${tag} where it is not open`);
  }
  if (open.length > 0) faults.push('narrative leaves tags open');
  const words = div.replaceAll(/<[^<>]*>/g, '');
  if (/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(words)) faults.push('narrative has markup in its words');
  return faults;
}

/**
 * What of a Bundle breaks the rules of a document (Bundle bdl-9 to bdl-11) and of the International Patient Summary
 * (Composition-uv-ips: sections that must be there, ips-comp-1, sections with title, code and text). Empty: nothing.
 */
export function ipsFaults(bundle: Resource): readonly string[] {
  const faults: string[] = [];
  const check = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault);
  };
  const resources = entriesOf(bundle);
  const urls = objects(bundle['entry']).map((entry) => text(entry['fullUrl']) ?? '');
  const [composition, patient] = resources;
  check(bundle['type'] === 'document', 'no document');
  check(object(bundle['identifier'])?.['system'] !== undefined, 'bdl-9: no identifier with a system');
  check(text(bundle['timestamp']) !== undefined, 'bdl-10: no timestamp');
  check(new Set(urls).size === urls.length && !urls.includes(''), 'bdl-7: full URLs are not unique');
  check(
    objects(bundle['entry']).every((entry) => {
      const resource = entry['resource'];
      return isResource(resource) && text(entry['fullUrl'])?.endsWith(`/${resource.resourceType}/${idOf(resource)}`);
    }),
    'bdl-8: a full URL is not that of its resource',
  );
  if (composition?.resourceType !== 'Composition') return [...faults, 'bdl-11: the first is no Composition'];
  check(patient?.resourceType === 'Patient', 'the second is no Patient');
  for (const member of ['status', 'type', 'subject', 'date', 'author', 'title', 'section'])
    check(composition[member] !== undefined, `Composition.${member} is missing`);
  const here = new Set(resources.map((resource) => `${resource.resourceType}/${idOf(resource)}`));
  for (const reference of referencesIn(composition)) check(here.has(reference), `${reference} is not in the document`);
  const listed = objects(composition['section']);
  const codes = listed.flatMap((one) => objects(object(one['code'])?.['coding']).map((coding) => text(coding['code'])));
  for (const code of required) check(codes.includes(code), `section ${code} is missing`);
  check(new Set(codes).size === codes.length, 'a section is there twice');
  for (const section of listed) {
    const title = text(section['title']) ?? '?';
    check(title !== '?', 'a section has no title');
    const told = object(section['text']);
    check(told?.['status'] === 'generated', `${title}: narrative is not generated`);
    faults.push(...narrativeFaults(text(told?.['div']) ?? '<').map((fault) => `${title}: ${fault}`));
    const entries = objects(section['entry']);
    const about = title === 'About this summary';
    check(about || entries.length > 0 !== (section['emptyReason'] !== undefined), `${title}: ips-comp-1`);
    const rows = (text(told?.['div']) ?? '').split('<tr><td>').length - 1;
    check(rows === entries.length, `${title}: ${rows} rows tell of ${entries.length} entries`);
  }
  return faults;
}
