import ScheduleIcon from '@mui/icons-material/Schedule';
import Chip from '@mui/material/Chip';
import type { ReactElement } from 'react';
import type { Tag } from '../../record/record.ts';
import type { StatusColour } from '../palette.ts';
import { DiffersIcon, DotIcon } from './shape.tsx';

const colours: Readonly<Record<Tag['kind'], StatusColour>> = {
  critical: 'critical',
  conflict: 'conflict',
  stale: 'stale',
  new: 'fresh',
};

function mark(status: StatusColour): ReactElement | undefined {
  switch (status) {
    case 'conflict':
      return <DiffersIcon style={{ width: 12, height: 12 }} />;
    case 'fresh':
      return <DotIcon style={{ width: 9, height: 9 }} />;
    case 'stale':
      return <ScheduleIcon style={{ width: 13, height: 13 }} />;
    case 'danger':
    case 'critical':
    case 'unknown':
      return undefined;
  }
}

/** A tag of status: a mark, a word, and only then a colour. */
export function StatusTag({ status, words }: { readonly status: StatusColour; readonly words: string }): ReactElement {
  const icon = mark(status);
  return <Chip variant="status" color={status} label={words} {...(icon === undefined ? {} : { icon })} />;
}

/** Tags of a row: a card shows the first alone, a section row all. */
export function Tags({ tags, all }: { readonly tags: readonly Tag[]; readonly all: boolean }): ReactElement {
  return (
    <>
      {(all ? tags : tags.slice(0, 1)).map((tag) => (
        <StatusTag key={`${tag.kind} ${tag.words}`} status={colours[tag.kind]} words={tag.words} />
      ))}
    </>
  );
}
