import type { ReactElement, ReactNode } from 'react';
import type { Tag } from '../../record/record.ts';
import type { StatusColour } from '../palette.ts';
import { ClockIcon, DiffersIcon, DotIcon } from './shape.tsx';

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
      return <ClockIcon style={{ width: 13, height: 13 }} />;
    case 'danger':
    case 'critical':
    case 'unknown':
      return undefined;
  }
}

/** A tag of status: a mark, a word, and only then a colour. */
export function StatusTag(props: {
  readonly status: StatusColour;
  readonly words: ReactNode;
  /** In the place of the status's own. */
  readonly icon?: ReactElement;
  /** What the pointer is told beyond the words. */
  readonly title?: string | undefined;
}): ReactElement {
  const { status, words, icon = mark(status), title } = props;
  return (
    <span className="ohc-tag" data-status={status} title={title}>
      {icon}
      <span className="label">{words}</span>
    </span>
  );
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
