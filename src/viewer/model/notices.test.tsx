import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../fhir/region.ts';
import type { SectionId } from '../../record/record.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';
import { noticesOn } from './notices.ts';

const results: Notice = {
  section: 'results',
  text: 'Blood results from UHNM are a day late.',
  from: '2026-11-19',
  until: '2026-11-22',
};
const whole: Notice = { text: 'MPFT moves to a new system this week.', from: '2026-11-16' };
const past: Notice = { text: 'A notice of last week.', from: '2026-11-09', until: '2026-11-15' };
const toCome: Notice = { text: 'A notice of next week.', from: '2026-11-23' };
const all = [results, whole, past, toCome];
const on = (iso: string, ...sections: readonly SectionId[]): readonly Notice[] =>
  noticesOn(all, Date.parse(iso), sections);

describe('the region’s notices', () => {
  it('stand from their first day to the end of their last, by the day in London', () => {
    expect(on('2026-11-18T23:59:00Z', 'results')).toEqual([whole]);
    expect(on('2026-11-19T00:00:00Z', 'results')).toEqual([results, whole]);
    expect(on('2026-11-22T23:59:00Z', 'results')).toEqual([results, whole]);
    expect(on('2026-11-23T00:00:00Z', 'results')).toEqual([whole, toCome]);
    const summer: Notice = { text: 'Summer', from: '2026-07-20' };
    expect(noticesOn([summer], Date.parse('2026-07-19T23:30:00Z'), ['results'])).toEqual([summer]);
  });

  it('are those of the section and of the whole record, and all of them where sections are summed up', () => {
    expect(on('2026-11-20', 'medicines')).toEqual([whole]);
    expect(on('2026-11-20', 'medicines', 'results')).toEqual([results, whole]);
    for (const section of ['overview', 'timeline', 'about'] as const)
      expect(on('2026-11-20', section), section).toEqual([results, whole]);
  });

  it.each([1366, 900, 390])('stand in the strip with their section and days, %i px wide', (width) => {
    const { unmount } = renderViewer(smithRecord(), {
      width,
      region: { ...fixtureRegion, notices: all },
      start: { section: 'overview' },
    });
    const strip = screen.getByRole('region', { name: 'Organisations' });
    expect(
      within(strip)
        .getAllByRole('listitem')
        .map((one) => one.textContent),
    ).toEqual([
      'Results: Blood results from UHNM are a day late. (19-Nov-2026 to 22-Nov-2026)',
      'MPFT moves to a new system this week. (since 16-Nov-2026)',
    ]);
    unmount();
    renderViewer(smithRecord(), { width, region: { ...fixtureRegion, notices: [toCome] } });
    expect(within(screen.getByRole('region', { name: 'Organisations' })).queryByRole('list')).toBeNull();
  });

  it('go on paper with the sections that they are about', () => {
    renderViewer(smithRecord(), { region: { ...fixtureRegion, notices: all }, start: { section: 'medicines' } });
    act(() => void window.dispatchEvent(new Event('beforeprint')));
    const paper = document.querySelector('[data-print="sheet"]')?.textContent ?? '';
    act(() => void window.dispatchEvent(new Event('afterprint')));
    expect(paper).toContain('MPFT moves to a new system this week. (since 16-Nov-2026)');
    expect(paper).not.toContain('Blood results from UHNM');
    expect(paper).not.toContain('next week');
  });
});

describe('an open record', () => {
  const organisations = (): HTMLElement => screen.getByRole('region', { name: 'Organisations' });
  const asked = (fetchNotices: () => Promise<readonly Notice[]>): void => {
    const record = smithRecord({ wmshcr: 'timeout' });
    renderViewer(record, { region: { ...fixtureRegion, notices: [whole] }, fetchNotices });
    fireEvent.click(within(organisations()).getByRole('button', { name: 'Try again' }));
  };

  it('shows what the region wants known by now when the organisations are asked again', async () => {
    asked(() => Promise.resolve([results]));
    await waitFor(() => expect(organisations().textContent).toContain(results.text));
    expect(organisations().textContent).not.toContain(whole.text);
  });

  it('keeps the notices that stand where they cannot be had', async () => {
    const failing = vi.fn(() => Promise.reject(new Error('offline')));
    asked(failing);
    await act(async () => undefined);
    expect(failing).toHaveBeenCalledOnce();
    expect(organisations().textContent).toContain(whole.text);
  });
});
