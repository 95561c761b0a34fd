import { act, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ClinicalRecord } from '../../../record/record.ts';
import { group, recordOf } from '../../fixtures/groups.ts';
import { smith } from '../../fixtures/smith.ts';
import type { RecordState } from '../../record-source.ts';
import { fixtureSource } from '../../fixtures/source.ts';
import { renderViewer } from '../../testing.tsx';

const roomOf = (card: HTMLElement | null): string => card?.style.minHeight ?? '';
const card = (name: string): HTMLElement | null => screen.getByRole('heading', { name }).closest('section');
const asthma = group('problems', 'active', 'Asthma', ['gp'], { on: '2019-01-01' });

/** A source whose record can be put in the place of the one before. */
function arriving(record: ClinicalRecord) {
  let state: RecordState = { kind: 'shown', record, connection: { kind: 'open' }, askedAt: 0 };
  const listeners = new Set<() => void>();
  return {
    source: {
      ...fixtureSource(record),
      state: () => state,
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    whole: (next: ClinicalRecord): void =>
      act(() => {
        state = { kind: 'shown', record: next, connection: { kind: 'closed' }, askedAt: 0 };
        for (const listener of listeners) listener();
      }),
  };
}

it('the cards hold their room while organisations are asked, so that nothing moves as they answer, and close up then', () => {
  const { source, whole } = arriving(recordOf([asthma], { patient: smith, statuses: { uhnm: 'asking' } }));
  renderViewer(recordOf([]), { source });
  const rows = within(screen.getByRole('main'));
  expect(rows.getByRole('button', { name: /Asthma/ })).toBeTruthy();
  expect(Number.parseInt(roomOf(card('Active problems')), 10)).toBeGreaterThanOrEqual(147);
  whole(recordOf([asthma], { patient: smith }));
  expect(roomOf(card('Active problems'))).toBe('');
});

it('they stay as they are for as long as focus is within', () => {
  const { source, whole } = arriving(recordOf([asthma], { patient: smith, statuses: { uhnm: 'asking' } }));
  renderViewer(recordOf([]), { source });
  const row = within(screen.getByRole('main')).getByRole('button', { name: /Asthma/ });
  act(() => row.focus());
  whole(recordOf([asthma], { patient: smith }));
  expect(roomOf(card('Active problems'))).not.toBe('');
  act(() => row.blur());
  expect(roomOf(card('Active problems'))).toBe('');
});
