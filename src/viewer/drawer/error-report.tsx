import type { ReactElement } from 'react';
import type { GroupDetail } from '../../record/record.ts';
import { useViewer } from '../model/viewer.ts';
import { SourceChip } from '../parts/source-chip.tsx';
import { drawer, itemWords } from '../words.ts';
import { report } from './words.ts';

/** A contact as its organisation wrote it: pressed where it is a phone number or an address of mail. */
function Contact({ contact }: { readonly contact: string | undefined }): ReactElement {
  if (contact === undefined) return <>{report.noContact}</>;
  const to = /^\+?[\d ()]+$/.test(contact)
    ? `tel:${contact.replaceAll(/[ ()]/g, '')}`
    : /^[^\s@]+@[^\s@]+$/.test(contact)
      ? `mailto:${contact}`
      : undefined;
  return to === undefined ? <bdi>{contact}</bdi> : <a href={to}>{contact}</a>;
}

/** Whom to tell of an error in an entry: each organisation that recorded it, with its contact and what to say. */
export function ErrorReport({ detail }: { readonly detail: GroupDetail }): ReactElement {
  const { record, region } = useViewer();
  const { group, members } = detail;
  const holders = [...new Map(members.map((one) => [`${one.chip.sourceId} ${one.chip.label}`, one.chip])).values()];
  const entry = [itemWords[group.section], group.row.title, group.row.dateText].join(', ');
  const { pals, email } = region.contacts;
  return (
    <section aria-label={drawer.report}>
      <h3>{drawer.report}</h3>
      <p>{report.who}</p>
      <p>
        <bdi>{report.what(entry)}</bdi>
      </p>
      <ul>
        {holders.map((chip) => {
          const source = record.sources.find((one) => one.source.id === chip.sourceId)?.source;
          return (
            <li key={`${chip.sourceId} ${chip.label}`}>
              <SourceChip chip={chip} tabbable /> <bdi>{chip.organisation.name ?? source?.name}</bdi>
              {': '}
              <Contact contact={source?.contact} />
            </li>
          );
        })}
      </ul>
      <p>
        {report.team} <a href={`tel:${pals.replaceAll(' ', '')}`}>{pals}</a> {report.orEmail}{' '}
        <a href={`mailto:${email}`}>{email}</a>.
      </p>
    </section>
  );
}
