import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Looks } from '../../launch/looks.ts';
import { group, recordOf } from '../fixtures/groups.ts';
import { smith } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';

const record = recordOf(
  [
    group('alerts', 'current', 'Falls: high risk', ['mpft'], { on: '2026-11-16' }),
    group('alerts', 'current', 'Money taken by a neighbour', ['scc'], {
      on: '2026-11-01',
      detail: 'Section 42 enquiry',
      safeguarding: true,
    }),
  ],
  { patient: smith },
);
const told = /neighbour|Section 42/;

describe('safeguarding information', () => {
  it.each([
    ['alerts', true],
    ['overview', true],
    ['timeline', true],
    ['medicines', true],
    ['medicines', false],
  ] as const)('is said to exist on %s (own banner: %s), and not told', async (section, needPatientBanner) => {
    const { container } = renderViewer(record, { start: { section }, needPatientBanner });
    expect(container.textContent).toContain('Safeguarding information');
    expect(container.textContent).not.toMatch(told);
  });

  it('is told to who asks, once that is on its way to the audit trail, and to nobody before', async () => {
    const look = vi.fn<Looks['look']>();
    renderViewer(record, { start: { section: 'alerts' }, look });
    fireEvent.click(within(screen.getByRole('main')).getByRole('button', { name: /Safeguarding information/ }));
    const details = await screen.findByRole('complementary', { name: 'Details' });
    const show = await within(details).findByRole('button', { name: 'Show the details' });
    expect(details.textContent).not.toMatch(told);
    expect(within(details).queryByRole('button', { name: 'Raw FHIR' })).toBeNull();
    expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section']);
    fireEvent.click(show);
    expect((await within(details).findAllByText(told)).length).toBeGreaterThan(0);
    expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section', 'safeguarding', 'item']);
    expect(screen.getByRole('main').textContent).toMatch(told);
  });

  it('is told of in the banner’s list without its details', () => {
    renderViewer(record);
    fireEvent.click(screen.getByRole('button', { name: 'Safeguarding information 1' }));
    const list = screen.getByRole('list', { name: 'Safeguarding information' });
    expect(list.textContent).toBe('Alerts, 01-Nov-2026, SCC');
  });

  it('gives away nothing in a search', async () => {
    renderViewer(record);
    fireEvent.change(screen.getByRole('combobox', { name: 'Search everything' }), { target: { value: 'neighbour' } });
    const found = await screen.findByRole('option', { name: /Safeguarding information/ }, { timeout: 60_000 });
    expect(found.textContent).not.toMatch(told);
  });
});
