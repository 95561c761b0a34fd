import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LaunchView } from '../../fhir/region.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smithRecord } from '../fixtures/smith.ts';
import { fixtureSource, pageSource } from '../fixtures/source.ts';
import type { Ending } from '../model/connection.ts';
import { renderViewer } from '../testing.tsx';

const view: LaunchView = {
  hostName: 'Millbrook Clinical Desktop',
  hostOrigins: ['https://epr.example'],
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8009', title: 'Receptionist' },
  organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
};
const strip = (): HTMLElement => screen.getByRole('region', { name: 'Organisations' });

afterEach(() => vi.restoreAllMocks());

describe('a record that was closed', () => {
  it.each<[Ending, string]>([
    ['locked', 'Locked after 15 minutes without use. Open One Health and Care again from Millbrook Clinical Desktop.'],
    ['patient-changed', 'Another person has been opened in Millbrook Clinical Desktop. This record is closed.'],
    ['closed', 'You have closed this record. Open One Health and Care again from Millbrook Clinical Desktop.'],
    ['session-ended', 'Your session has ended. Open One Health and Care again from Millbrook Clinical Desktop.'],
  ])('%s: says why, and nothing of the person', (kind, words) => {
    renderViewer(smithRecord(), { source: pageSource(kind), launchView: view });
    expect(screen.getByRole('alert').textContent).toBe(words);
    expect(screen.getAllByRole('heading')).toHaveLength(1);
    expect(document.body.textContent).not.toMatch(/SMITH|999 123/);
  });

  it('is locked after as many minutes as the region says', () => {
    renderViewer(smithRecord(), { source: pageSource('locked'), region: { ...fixtureRegion, idleLockMinutes: 1 } });
    expect(screen.getByRole('alert').textContent).toContain('Locked after 1 minute without use.');
  });
});

describe('Close', () => {
  function close(messaging?: LaunchView['messaging']) {
    const end = vi.fn<(why: Ending) => void>();
    const posted = vi.fn<(data: unknown, target: string) => void>();
    vi.spyOn(window, 'parent', 'get').mockReturnValue({ postMessage: posted } as unknown as Window);
    renderViewer(smithRecord(), {
      source: { ...fixtureSource(smithRecord()), end },
      launchView: messaging === undefined ? view : { ...view, messaging },
    });
    fireEvent.click(within(strip()).getByRole('button', { name: 'Close' }));
    expect(end).toHaveBeenCalledWith('closed');
    return posted;
  }

  it('signs out, and tells a host that has messaging that the user is done', () => {
    const posted = close({ origin: 'https://epr.example', handle: 'h-1' });
    expect(posted).toHaveBeenCalledWith(
      expect.objectContaining({ messagingHandle: 'h-1', messageType: 'ui.done', payload: {} }),
      'https://epr.example',
    );
  });

  it('says nothing to a host that has none', () => {
    expect(close()).not.toHaveBeenCalled();
  });
});

describe('the person’s banner', () => {
  it('is left out only where the host shows one, and then name and number stand in the strip', () => {
    const { unmount } = renderViewer(smithRecord(), { needPatientBanner: false });
    expect(screen.queryByRole('banner')).toBeNull();
    expect(strip().textContent).toMatch(/^SMITH, John.*NHS No\. 999 123 4578/);
    unmount();
    renderViewer(smithRecord(), { needPatientBanner: true });
    expect(screen.getByRole('banner').textContent).toContain('SMITH, John (Mr)');
    expect(strip().textContent).not.toContain('SMITH');
  });
});

describe('a role that waits to be confirmed', () => {
  it('is told beside the one in force, with who confirms it', () => {
    const declaredRole = { code: 'R8000', title: 'Clinical practitioner' };
    renderViewer(smithRecord(), { launchView: { ...view, declaredRole } });
    expect(screen.getByRole('main').textContent).toContain(
      'Your role is Receptionist until University Hospitals of North Midlands confirms that it is Clinical practitioner.',
    );
  });
});
