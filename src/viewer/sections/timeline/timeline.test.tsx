import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { TimelineEvent } from '../../../record/timeline.ts';
import { fixtureNow, group, recordOf } from '../../fixtures/groups.ts';
import { smith, smithGroups, smithRecord } from '../../fixtures/smith.ts';
import { noFilter } from '../../model/filter.ts';
import { renderViewer } from '../../testing.tsx';
import { layOut } from './lane-layout.ts';

const main = (): HTMLElement => screen.getByRole('main');
const start = { start: { section: 'timeline' } } as const;
const lane = async (name: string): Promise<HTMLElement> =>
  within(main()).findByRole('group', { name }, { timeout: 20_000 });
const stay = /^Admitted, 5 nights, cardiology, 06-Nov-2026 to 11-Nov-2026, UHNM$/;

describe('the timeline', () => {
  it('has each event as a button in its lane, with its dates and whose it is', async () => {
    renderViewer(smithRecord(), start);
    expect(within(await lane('Hospital stays')).getByRole('button', { name: stay })).toBeTruthy();
    expect(
      within(await lane('GP practice')).getByRole('button', { name: 'GP phone call, 18-Nov-2026, GP' }),
    ).toBeTruthy();
    expect(within(await lane('Letters')).getByRole('button', { name: /^Discharge summary/ })).toBeTruthy();
  });

  it('says what is not known: who has not answered, and from when a copy is old', async () => {
    renderViewer(smithRecord(), start);
    expect((await lane('Social care')).textContent).toContain('Not known after 17-Nov-2026');
    expect((await lane('Hospital stays')).textContent).not.toContain('Not known');
    expect(main().textContent).toContain('Not known. WMShCR has not answered. Its events are missing from every lane.');
  });

  it('is one tab stop: arrows move by event and lane, + and − zoom, and the card tells the one chosen', async () => {
    renderViewer(smithRecord(), start);
    const lanes = await screen.findByRole('group', { name: 'Events by lane' });
    const stops = (): readonly HTMLElement[] => [...lanes.querySelectorAll<HTMLElement>('.event[tabindex="0"]')];
    expect(stops()).toHaveLength(1);
    const letter = within(await lane('Letters')).getByRole('button', { name: /^Discharge summary/ });
    act(() => letter.focus());
    fireEvent.keyDown(letter, { key: 'ArrowLeft' });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Letter from memory clinic, 07-Oct-2026, MPFT');
    expect(screen.getByRole('heading', { name: 'Letter from memory clinic' })).toBeTruthy();
    fireEvent.keyDown(document.activeElement ?? lanes, { key: 'ArrowUp' });
    expect(within(await lane('Social care')).getByRole('button', { pressed: true })).toBe(document.activeElement);
    const title = (): string => within(main()).getAllByRole('heading', { level: 2 })[0]?.textContent ?? '';
    const before = title();
    fireEvent.keyDown(document.activeElement ?? lanes, { key: '+' });
    expect(title()).not.toBe(before);
    expect(stops()).toEqual([document.activeElement]);
    fireEvent.keyDown(document.activeElement ?? lanes, { key: 'Home' });
    expect(document.activeElement?.getAttribute('aria-label')).toContain('2010');
  });

  it('opens several that stand together as a list, and one as its details', async () => {
    renderViewer(smithRecord(), start);
    const several = within(await lane('Community')).getByRole('button', { name: /^2 events: / });
    fireEvent.click(several);
    expect(screen.getByRole('heading', { name: '2 events' }).closest('section')?.textContent).toContain(
      'Heart failure care plan',
    );
    fireEvent.click(within(await lane('Hospital stays')).getByRole('button', { name: stay }));
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeTruthy();
  });

  it('is a table too, newest first, whole', async () => {
    renderViewer(smithRecord(), start);
    fireEvent.click(await screen.findByRole('button', { name: 'Show as table' }, { timeout: 20_000 }));
    const rows = [...main().querySelectorAll('[data-row]')].map((one) => one.textContent);
    expect(rows[0]).toContain('Heart failure clinic');
    expect(rows).toHaveLength(smithRecord().sections.timeline.groups.length);
    fireEvent.click(screen.getByRole('button', { name: 'Show as lanes' }));
    expect(await lane('Hospital stays')).toBeTruthy();
  });

  it('counts what is out of view and what has no date, and never hides by the filter in silence', async () => {
    const undated = group('procedures', 'past', 'Appendicectomy', ['gp']);
    const { unmount } = renderViewer(recordOf([...smithGroups, undated], { patient: smith }), start);
    await lane('Letters');
    expect(main().textContent).toMatch(/\d+ earlier; 1 event without a date: in the table\./);
    unmount();
    renderViewer(smithRecord(), { start: { section: 'timeline', filter: { ...noFilter, sourceId: 'scc' } } });
    expect(await screen.findByText(/items are hidden by the filter SCC\./)).toBeTruthy();
  });

  it('moves its window by two sliders', async () => {
    renderViewer(smithRecord(), start);
    const from = await screen.findByRole('slider', { name: 'Beginning of the time shown' });
    const before = from.getAttribute('aria-valuetext');
    fireEvent.keyDown(from, { key: 'ArrowLeft' });
    expect(from.getAttribute('aria-valuetext')).not.toBe(before);
    expect(screen.getByRole('button', { name: '3 months' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('empty, not all answered: never as none', async () => {
    renderViewer(recordOf([], { statuses: { wmshcr: 'timeout' }, patient: smith }), start);
    expect(
      await screen.findByText(/Nothing so far. WMShCR has not answered, so there may be events that are not shown/),
    ).toBeTruthy();
  });
});

it('no words lie on another mark or on other words', () => {
  const day = 86_400_000;
  const at = (days: number): TimelineEvent => {
    const from = fixtureNow - days * day;
    const own = group('encounters', 'contact', `Visit ${days}`, ['gp']);
    return { group: own, lane: 'gp', setting: 'gp', from, to: from, goesOn: false, vague: false };
  };
  const span = { from: fixtureNow - 90 * day, to: fixtureNow + 10 * day };
  const laid = layOut([80, 60, 58, 55, 40, 20, 1].map(at), span, 900, (one) => one.group.row.title, fixtureNow);
  const taken = laid.flatMap(({ left, right, words }) => [
    [left, right] as const,
    ...(words === undefined
      ? []
      : [
          words.side === 'left'
            ? ([words.at - words.text.length * 6.6, words.at] as const)
            : ([words.at, words.at + words.text.length * 6.6] as const),
        ]),
  ]);
  expect(laid.filter((one) => one.words !== undefined).length).toBeGreaterThan(3);
  const sorted = taken.toSorted((a, b) => a[0] - b[0]);
  sorted.slice(1).forEach((one, index) => expect(one[0]).toBeGreaterThanOrEqual((sorted[index]?.[1] ?? 0) - 12));
});
