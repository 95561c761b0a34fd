import { fireEvent, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fixtureNow, recordOf, type Statuses } from './fixtures/groups.ts';
import { fixtureRegion } from './fixtures/region.ts';
import { smith, smithRecord } from './fixtures/smith.ts';
import { fixtureSource } from './fixtures/source.ts';
import { renderViewer } from './testing.tsx';
import type { RecordSource } from './record-source.ts';

const strip = (): HTMLElement => screen.getByRole('region', { name: 'Organisations' });
const press = (name: string): boolean => fireEvent.click(within(strip()).getByRole('button', { name }));

it('asks only those that failed', () => {
  const askAgain = vi.fn<RecordSource['askAgain']>();
  const record = smithRecord({ wmshcr: 'timeout', nscht: 'partial', chc: 'not-sharing' });
  renderViewer(record, { source: { ...fixtureSource(record), askAgain } });
  press('Try again');
  expect(askAgain.mock.calls).toEqual([[['nscht', 'wmshcr']]]);
});

it('asks the others too that a broken connection cut off', () => {
  const askAgain = vi.fn<RecordSource['askAgain']>();
  const record = smithRecord({ wmshcr: 'asking', nscht: 'asking' });
  renderViewer(record, { source: { ...fixtureSource(record, { kind: 'cut', at: fixtureNow }), askAgain } });
  fireEvent.click(screen.getByRole('button', { name: 'Ask the others' }));
  expect(askAgain.mock.calls).toEqual([[['nscht', 'wmshcr']]]);
});

it('asks everyone where everyone failed, and where the record is old', () => {
  const askAgain = vi.fn<RecordSource['askAgain']>();
  const all: Statuses = Object.fromEntries(fixtureRegion.sources.map((one) => [one.id, 'timeout']));
  const failed = recordOf([], { statuses: all, patient: smith });
  const { unmount } = renderViewer(failed, { source: { ...fixtureSource(failed), askAgain } });
  press('Try again');
  unmount();
  const old = smithRecord();
  renderViewer(old, { source: { ...fixtureSource(old, { kind: 'closed' }, fixtureNow - 34 * 60_000), askAgain } });
  press('Ask again');
  expect(askAgain.mock.calls).toEqual([[undefined], []]);
});

it('says that they are asked again, and keeps the rest', () => {
  const record = smithRecord({ wmshcr: 'timeout' });
  renderViewer(record, {
    source: fixtureSource(record, { kind: 'open', again: ['wmshcr'] }),
    start: { section: 'allergies' },
  });
  expect(within(strip()).getByRole('meter').getAttribute('aria-valuenow')).toBe('9');
  expect(strip().textContent).not.toContain('WMShCR has not answered');
  expect(screen.getByRole('main').textContent).toContain('Penicillins');
});
