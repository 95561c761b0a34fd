import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';
import { documentPath } from '../../launch/documents.ts';
import { resourceOfMember } from '../../record/member.ts';
import type { Attachment, ChipRef, GroupDetail } from '../../record/record.ts';
import { OutlinedButton } from '../parts/press.tsx';
import { SourceChip } from '../parts/source-chip.tsx';
import { documents } from '../words.ts';
import { kindOfType } from './kind.ts';

const Files = styled('ul')(({ theme }) => ({
  listStyle: 'none',
  margin: 0,
  marginBottom: theme.spacing(3),
  padding: 0,
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  '& li': {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 3),
    minHeight: 44,
    padding: theme.spacing(1.5, 3),
  },
  '& li + li': { borderTop: `1px solid ${theme.vars.palette.divider}` },
  '& .name': { flex: '1 1 200px', minWidth: 0, overflowWrap: 'anywhere' },
  '& .name div': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
}));

/** One document of an item: where it is from, and which of the item's records holds it. */
export type Opened = {
  readonly attachment: Attachment;
  readonly chip: ChipRef;
  readonly name: string;
  /** `Type/id` of its record and of itself, for the audit trail. */
  readonly items: readonly string[];
};

/** Every document of an item, each once: the same address in two records of one source is one document. */
export function openable({ group, members }: GroupDetail): readonly Opened[] {
  const all = members.flatMap(({ id, chip, attachments }) =>
    attachments.map((attachment): Opened => {
      const own = [resourceOfMember(id), documentPath.test(attachment.url ?? '') ? attachment.url : undefined];
      return {
        attachment,
        chip,
        name: attachment.title ?? group.row.title,
        items: own.filter((one) => one !== undefined),
      };
    }),
  );
  return all.filter(
    (one, at) =>
      one.attachment.url === undefined || all.findIndex((other) => other.attachment.url === one.attachment.url) === at,
  );
}

/** True for a document that can be asked for, or came with the record. */
function canOpen({ url, data, text }: Attachment): boolean {
  return data !== undefined || text !== undefined || documentPath.test(url ?? '');
}

/** The documents of an item: kind and size, and the press that opens each. Nothing of them is loaded before. */
export function Attachments({
  files,
  onOpen,
}: {
  readonly files: readonly Opened[];
  readonly onOpen: (file: Opened) => void;
}): ReactElement | null {
  if (files.length === 0) return null;
  return (
    <Files aria-label={files.length === 1 ? documents.heading : documents.headings(files.length)}>
      {files.map((file) => {
        const { attachment, chip, name } = file;
        const { bytes, contentType } = attachment;
        return (
          <li key={`${chip.sourceId} ${attachment.url ?? ''} ${attachment.title ?? ''} ${file.items.join(' ')}`}>
            <span className="name">
              <bdi>{name}</bdi>
              <div>
                {documents.kinds[kindOfType(contentType)]},{' '}
                {bytes === undefined ? documents.noSize : documents.size(bytes)}
              </div>
            </span>
            <SourceChip chip={chip} tabbable />
            {canOpen(attachment) ? (
              <OutlinedButton aria-label={documents.openNamed(name)} onClick={() => onOpen(file)}>
                {documents.open}
              </OutlinedButton>
            ) : (
              <span>{documents.elsewhere(chip.organisation.name ?? chip.label)}</span>
            )}
          </li>
        );
      })}
    </Files>
  );
}
