import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LaunchView } from '../../fhir/region.ts';
import { smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';
import { stops } from './help-words.ts';

const launchView: LaunchView = {
  hostName: 'Millbrook Clinical Desktop',
  hostOrigins: [],
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8000', title: 'Doctor' },
  organisation: { ods: 'RJE', name: 'UHNM' },
};
const offer = 'One Health and Care is new to you.';
const main = (): HTMLElement => screen.getByRole('main');
const tour = (): Promise<HTMLElement> => screen.findByRole('region', { name: /Tour, \d of \d$/ }, { timeout: 20_000 });
const press = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }));
const ringed = (): Element | null => document.querySelector('[data-toured]');

afterEach(() => vi.restoreAllMocks());

describe('the tour', () => {
  it('is offered by one line at a first launch, and not once it was put off', () => {
    const first = renderViewer(smithRecord(), { launchView: { ...launchView, firstTime: true } });
    expect(main().textContent).toContain(`${offer} Take the three-minute tour Not now`);
    press('Not now');
    expect(main().textContent).not.toContain(offer);
    fireEvent.click(screen.getByRole('button', { name: /^Medicines/ }));
    expect(main().textContent).not.toContain(offer);
    first.unmount();
    renderViewer(smithRecord(), { launchView });
    expect(main().textContent).not.toContain(offer);
  });

  it('goes through the page by its buttons, reads each stop aloud and rings what it is about', async () => {
    renderViewer(smithRecord(), { launchView: { ...launchView, firstTime: true } });
    press('Take the three-minute tour');
    for (const [n, stop] of stops.entries()) {
      const region = await tour();
      expect(region.textContent).toContain(`${stop.title} Tour, ${n + 1} of ${stops.length}`);
      expect(region.textContent).toContain(stop.text);
      expect(document.activeElement?.textContent).toContain(stop.title);
      // The first choice of each stop is on the overview of a whole record.
      await waitFor(() => expect(ringed()?.matches(stop.at[0] ?? ''), stop.title).toBe(true));
      if (n < stops.length - 1) press('Next');
    }
    expect(screen.queryByRole('button', { name: 'Next' })).toBeNull();
    press('Back');
    expect((await tour()).textContent).toContain(`${stops.length - 1} of ${stops.length}`);
    press('End the tour');
    expect(screen.queryByRole('region', { name: /Tour/ })).toBeNull();
    expect(ringed()).toBeNull();
    expect(main().textContent).not.toContain(offer);
  });

  it('takes three minutes at most at the pace of careful reading, 150 words a minute', () => {
    const words = stops.flatMap(({ title, text }) => `${title} ${text}`.split(/\s+/)).length;
    expect(words).toBeGreaterThan(200);
    expect(words).toBeLessThan(450);
  });

  it('stands in the flow above the section: it is no dialog, and the rows stay to be pressed', async () => {
    renderViewer(smithRecord(), { launchView: { ...launchView, firstTime: true } });
    const rows = main().querySelectorAll('[data-row]').length;
    press('Take the three-minute tour');
    await tour();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(main().querySelectorAll('[data-row]')).toHaveLength(rows);
    fireEvent.click(within(main()).getAllByRole('button', { name: /Penicillins/ })[0] ?? main());
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeTruthy();
  });

  it('is found again in About this record, closes on Esc, and gives focus back', async () => {
    renderViewer(smithRecord(), { launchView, start: { section: 'about' } });
    const again = await screen.findByRole('button', { name: 'Take the three-minute tour' }, { timeout: 20_000 });
    again.focus();
    fireEvent.click(again);
    fireEvent.keyDown(within(await tour()).getByRole('heading'), { key: 'Escape' });
    expect(screen.queryByRole('region', { name: /Tour/ })).toBeNull();
    expect(document.activeElement).toBe(again);
  });
});

describe('the list of keys', () => {
  it('opens by Ctrl+/ from any section and closes on Esc', async () => {
    renderViewer(smithRecord(), { launchView, start: { section: 'problems' } });
    fireEvent.keyDown(window, { key: '/', ctrlKey: true });
    const list = await screen.findByRole('region', { name: 'Keys' }, { timeout: 20_000 });
    expect(list.textContent).toContain('Ctrl+Ksearch everything');
    fireEvent.keyDown(within(list).getByRole('heading', { name: 'Keys' }), { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'Keys' })).toBeNull();
  });

  it('is no single-character key', () => {
    renderViewer(smithRecord(), { launchView });
    fireEvent.keyDown(window, { key: '/' });
    expect(screen.queryByRole('region', { name: 'Keys' })).toBeNull();
  });
});

describe('the user guide', () => {
  const link = (): Promise<HTMLElement> => screen.findByRole('link', { name: 'User guide' }, { timeout: 20_000 });

  it('opens in a window of its own', async () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue({ opener: window } as unknown as Window);
    renderViewer(smithRecord(), { launchView, start: { section: 'about' } });
    fireEvent.click(await link());
    expect(opened).toHaveBeenCalledWith('/guide/index.html', '_blank');
    expect(screen.queryByTitle('User guide')).toBeNull();
  });

  it('opens in place where the host’s frame allows no window, and the record stays open', async () => {
    vi.spyOn(window, 'open').mockReturnValue(null);
    renderViewer(smithRecord(), { launchView, start: { section: 'about' } });
    fireEvent.click(await link());
    expect(screen.getByTitle('User guide').getAttribute('src')).toBe('/guide/index.html');
    press('Close the user guide');
    expect(screen.queryByTitle('User guide')).toBeNull();
    expect(screen.getByRole('banner').textContent).toContain('SMITH');
  });

  it('stands beside whom to ask: the organisation of an entry, and the records team', async () => {
    renderViewer(smithRecord(), { launchView, start: { section: 'about' } });
    await link();
    expect(main().textContent).toContain('Of a single entry, ask the organisation that recorded it');
    expect(within(main()).getByRole('link', { name: /^0/ }).getAttribute('href')).toMatch(/^tel:/);
  });
});
