import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Looks } from '../../launch/looks.ts';
import { group, recordOf } from '../fixtures/groups.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';

/** Copies, and gives what then lies on the clipboard; undefined where the browser is left to its own. */
function copied(): string | undefined {
  const clipboardData = new DataTransfer();
  const event = new Event('copy', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData });
  (document.activeElement ?? document.body).dispatchEvent(event);
  return event.defaultPrevented ? clipboardData.getData('text/plain') : undefined;
}
const row = (name: RegExp): HTMLElement => within(screen.getByRole('main')).getByRole('button', { name });

describe('a copied row', () => {
  it('carries whose it is, from where and of when, and is reported (H13)', () => {
    const look = vi.fn<Looks['look']>();
    renderViewer(smithRecord(), { start: { section: 'allergies' }, look });
    row(/^Codeine/).focus();
    const text = copied() ?? '';
    expect(text).toMatch(/^Codeine/);
    expect(text).toContain('SMITH, John (Mr), born 14-Jul-1945, NHS No. 999 123 4578');
    expect(text).toContain('03-Feb-1998');
    expect(text).toContain('Copied from One Health and Care, 20-Nov-2026 09:42. Correct only at that time.');
    expect(look.mock.calls.at(-1)?.slice(0, 2)).toEqual(['copy', ['allergies']]);
  });

  it('says that organisations differ, and names each that holds it', () => {
    renderViewer(smithRecord(), { start: { section: 'allergies' } });
    row(/^Penicillins/).focus();
    expect(copied()).toMatch(/\[Organisations differ\] \(.+, .+, .+; /);
  });

  it('is that of the drawer where the drawer is copied from', async () => {
    renderViewer(smithRecord(), { start: { section: 'allergies' } });
    fireEvent.click(row(/^Codeine/));
    await screen.findByText(/^Allergy, recorded by/);
    expect(copied()).toMatch(/^Codeine/);
  });

  it('tells nothing of a safeguarding concern whose details nobody asked for', () => {
    const told = group('alerts', 'current', 'Money taken by a neighbour', ['scc'], {
      on: '2026-11-01',
      detail: 'Section 42 enquiry',
      safeguarding: true,
    });
    renderViewer(recordOf([told], { patient: smith }), { start: { section: 'alerts' } });
    row(/^Safeguarding information/).focus();
    const text = copied() ?? '';
    expect(text).toMatch(/^Safeguarding information/);
    expect(text).toContain('01-Nov-2026');
    expect(text).not.toMatch(/neighbour|Section 42/);
  });

  it('leaves banner and fields to the browser', () => {
    const look = vi.fn<Looks['look']>();
    renderViewer(smithRecord(), { look });
    screen.getByRole('combobox', { name: 'Search everything' }).focus();
    expect(copied()).toBeUndefined();
    expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section']);
  });
});
