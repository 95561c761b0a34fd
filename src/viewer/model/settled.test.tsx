import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ClinicalRecord } from '../../record/record.ts';
import { fixtureNow, group, recordOf } from '../fixtures/groups.ts';
import { smith } from '../fixtures/smith.ts';
import { fixtureSource } from '../fixtures/source.ts';
import type { RecordSource, RecordState } from '../record-source.ts';
import { renderViewer } from '../testing.tsx';

const main = (): HTMLElement => screen.getByRole('main');
const first = group('procedures', 'past', 'Hip replacement', ['uhdb'], { on: '2026-01-01' });
const late = [
  group('procedures', 'past', 'Cataract operation', ['uhnm'], { on: '2026-10-01' }),
  group('procedures', 'past', 'Colonoscopy', ['uhnm'], { on: '2026-09-01' }),
];

/** A record that goes on arriving: what `bring` is given takes the place of what stood. */
function arriving(record: ClinicalRecord): {
  readonly source: RecordSource;
  readonly bring: (more: ClinicalRecord) => void;
} {
  const listeners = new Set<() => void>();
  const shown = (now: ClinicalRecord): RecordState => ({
    kind: 'shown',
    record: now,
    connection: { kind: 'open' },
    askedAt: fixtureNow,
  });
  let state = shown(record);
  return {
    source: {
      ...fixtureSource(record),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      state: () => state,
    },
    bring: (more) =>
      act(() => {
        state = shown(more);
        for (const listener of listeners) listener();
      }),
  };
}

const rows = (): readonly string[] => [...main().querySelectorAll('[data-row]')].map((row) => row.textContent ?? '');

describe('what arrives late', () => {
  it('waits behind a line that says whose it is while the section is being read, so that nothing moves under the pointer', () => {
    const { source, bring } = arriving(recordOf([first], { patient: smith }));
    renderViewer(recordOf([first], { patient: smith }), { source, start: { section: 'procedures' } });
    main().querySelector<HTMLElement>('[data-row]')?.focus();
    bring(recordOf([...late, first], { patient: smith }));
    expect(rows()).toEqual(['Hip replacement']);
    expect(main().textContent).toContain('2 more from UHNM have arrived. Show');
    fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(rows()).toEqual(['Cataract operation', 'Colonoscopy', 'Hip replacement']);
  });

  it('goes in by itself while nobody reads there', () => {
    const { source, bring } = arriving(recordOf([first], { patient: smith }));
    renderViewer(recordOf([first], { patient: smith }), { source, start: { section: 'procedures' } });
    bring(recordOf([...late, first], { patient: smith }));
    expect(rows()).toEqual(['Cataract operation', 'Colonoscopy', 'Hip replacement']);
  });
});
