import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ClinicalRecord } from '../../../record/record.ts';
import { fixtureRegion } from '../../fixtures/region.ts';
import { smithRecord } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

const outside = 'Gave no record to show: the person is registered with a GP practice outside the region';

/** The row of an organisation. */
async function rowOf(name: string, record: ClinicalRecord = smithRecord()): Promise<HTMLElement> {
  renderViewer(record, {
    start: { section: 'about' },
    region: { ...fixtureRegion, viewOnly: [...fixtureRegion.viewOnly, { ods: 'NNH01', name: 'Out-of-hours doctors' }] },
  });
  const row = within(await screen.findByRole('table'))
    .getByText(name)
    .closest('tr');
  if (row === null) throw new Error('no row');
  return row;
}

it('names an organisation that does not share, and says so', async () => {
  const row = await rowOf('Royal Derby', smithRecord({ uhdb: 'not-sharing' }));
  expect(row.textContent).toContain('Does not share with One Health and Care');
});

it('says in a sentence that the person is registered outside the region', async () => {
  const record = smithRecord({ gp: 'no-record' });
  const sources = record.sources.map((one) => (one.source.id === 'gp' ? { ...one, text: outside } : one));
  expect((await rowOf('Etruria Vale Surgery', { ...record, sources })).textContent).toContain(outside);
});

it('lists who only looks, as what they are where that is known', async () => {
  const ambulance = await rowOf('West Midlands Ambulance Service');
  expect(ambulance.textContent).toContain('Looks, does not contribute');
  expect(ambulance.textContent).toContain('ambulance, out of hours, RYA');
  expect(ambulance.querySelector('svg')).not.toBeNull();
  const doctors = screen.getByText('Out-of-hours doctors').closest('tr');
  expect(doctors?.textContent).toContain('Looks, does not contribute');
  expect(doctors?.querySelector('svg')).toBeNull();
});

it('leads to the pages for the person, in a window of their own', async () => {
  renderViewer(smithRecord(), { start: { section: 'about' } });
  const privacy = await screen.findByText(/^Privacy notice/);
  expect([privacy.tagName, privacy.getAttribute('href'), privacy.getAttribute('target')]).toEqual([
    'A',
    '/privacy',
    '_blank',
  ]);
  expect(screen.getByText(/^How to say no/).getAttribute('href')).toBe('/say-no');
});

it('says what the region shows after all, who decided it, when and why, and nothing where there is none', async () => {
  const decided = {
    title: 'HIV',
    by: 'A Guardian, Caldicott Guardian',
    on: '2026-11-02',
    reason: 'Agreed by the board.',
  };
  const { unmount } = renderViewer(smithRecord(), {
    start: { section: 'about' },
    region: { ...fixtureRegion, switchedOff: [decided] },
  });
  expect(await screen.findByText('Shown here by decision of the region')).toBeTruthy();
  expect((await screen.findByText(/not left out/)).textContent).toBe(
    'HIV: not left out since 02-Nov-2026, decided by A Guardian, Caldicott Guardian. Agreed by the board.',
  );
  unmount();
  renderViewer(smithRecord(), { start: { section: 'about' } });
  await screen.findByText('Never shown');
  expect(screen.queryByText('Shown here by decision of the region')).toBeNull();
});
