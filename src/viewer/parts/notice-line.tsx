import type { ReactElement } from 'react';
import { formatDate, parseDate } from '../../fhir/date.ts';
import type { Notice } from '../../fhir/region.ts';
import { notice as words } from '../words.ts';

function dayWords(day: string): string {
  const read = parseDate(day);
  return read === undefined ? day : formatDate(read);
}

/** One notice of the region: the section that it is about, what it says, and its days. */
export function NoticeLine({ notice: { section, text, from, until } }: { readonly notice: Notice }): ReactElement {
  return (
    <>
      {section !== undefined && <strong>{words.about(section)}</strong>}
      {text} {words.days(dayWords(from), until === undefined ? undefined : dayWords(until))}
    </>
  );
}
