import { number, object, objects, text, type JsonObject } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Attachment } from './record.ts';

/** An Attachment, or a Binary, as it can be opened. */
export function attachmentOf(attachment: JsonObject): Attachment {
  const data = text(attachment['data']);
  return {
    url: text(attachment['url']),
    data,
    contentType: text(attachment['contentType']),
    title: text(attachment['title']),
    // Base64: four characters for three bytes.
    bytes: number(attachment['size']) ?? (data === undefined ? undefined : Math.floor((data.length * 3) / 4)),
  };
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The narrative of a Composition's sections, in their order and to any depth. */
function sectionsOf(value: unknown): string {
  return objects(value)
    .map((section) => {
      const title = text(section['title']);
      const heading = title === undefined ? '' : `<h2>${escaped(title)}</h2>`;
      return `${heading}${text(object(section['text'])?.['div']) ?? ''}${sectionsOf(section['section'])}`;
    })
    .join('\n');
}

/** A Composition's text came with it: it is opened like any document in HTML. */
function narrativeOf(resource: Resource): readonly Attachment[] {
  const own = text(object(resource['text'])?.['div']) ?? '';
  const html = `${own}${sectionsOf(resource['section'])}`;
  if (html === '') return [];
  const title = text(resource['title']);
  return [{ url: undefined, data: undefined, text: html, contentType: 'text/html', title, bytes: undefined }];
}

/** Everything of a resource that can be opened as a document, in its order. */
export function attachmentsOf(resource: Resource): readonly Attachment[] {
  switch (resource.resourceType) {
    case 'DocumentReference':
      return objects(resource['content']).map((one) => attachmentOf(object(one['attachment']) ?? {}));
    case 'DiagnosticReport':
      return objects(resource['presentedForm']).map(attachmentOf);
    case 'Media':
      return objects(resource['content']).map(attachmentOf);
    case 'Communication':
      return objects(resource['payload']).flatMap((one) => objects(one['contentAttachment']).map(attachmentOf));
    case 'Consent':
      return objects(resource['sourceAttachment']).map(attachmentOf);
    case 'Binary': {
      const id = text(resource['id']);
      const own = attachmentOf(resource);
      return [{ ...own, url: own.url ?? (id === undefined ? undefined : `Binary/${id}`) }];
    }
    case 'Composition':
      return narrativeOf(resource);
    default:
      return [];
  }
}
