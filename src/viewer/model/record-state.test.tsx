import { act, render, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { expect, it } from 'vitest';
import { group, recordOf } from '../fixtures/groups.ts';
import { fixtureSource } from '../fixtures/source.ts';
import type { RecordSource, RecordState } from '../record-source.ts';
import { useRecordState } from './record-state.ts';

const holding = (title: string): RecordState => ({
  kind: 'shown',
  record: recordOf([group('problems', 'active', title, ['gp'])]),
  connection: { kind: 'open' },
  askedAt: 0,
});

function Shown(props: { readonly source: RecordSource; readonly onDraw: (words: string) => void }): ReactElement {
  const state = useRecordState(props.source);
  const words =
    state.kind === 'shown' ? state.record.sections.problems.groups.map((one) => one.row.title).join() : state.kind;
  props.onDraw(words);
  return <p>{words}</p>;
}

it('follows a record that grows, and shows nothing of it once it is closed (H9)', () => {
  let state: RecordState = { kind: 'opening' };
  const listeners = new Set<() => void>();
  const source: RecordSource = {
    ...fixtureSource(recordOf([])),
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tell = (next: RecordState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const drawn: string[] = [];
  render(<Shown source={source} onDraw={(words) => drawn.push(words)} />);
  const seen = (): string | null => screen.getByRole('paragraph').textContent;
  expect(seen()).toBe('opening');
  act(() => tell(holding('Asthma')));
  expect(seen()).toBe('Asthma');
  act(() => tell(holding('Gout')));
  expect(seen()).toBe('Gout');
  drawn.length = 0;
  act(() => tell({ kind: 'refused' }));
  expect(seen()).toBe('refused');
  expect(new Set(drawn)).toEqual(new Set(['refused']));
});

it('draws nothing of one record in the place of another (H1)', () => {
  const sourceOf = (title: string): RecordSource => {
    const state = holding(title);
    return { ...fixtureSource(recordOf([])), state: () => state, subscribe: () => () => undefined };
  };
  const drawn: string[] = [];
  const onDraw = (words: string): void => void drawn.push(words);
  const { rerender } = render(<Shown source={sourceOf('Asthma')} onDraw={onDraw} />);
  drawn.length = 0;
  rerender(<Shown source={sourceOf('Gout')} onDraw={onDraw} />);
  expect(new Set(drawn)).toEqual(new Set(['Gout']));
});
