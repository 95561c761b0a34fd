import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';

async function openPenicillins(): Promise<HTMLElement> {
  renderViewer(smithRecord(), { start: { section: 'allergies' } });
  fireEvent.click(within(screen.getByRole('main')).getByRole('button', { name: /Penicillins/ }));
  const drawer = screen.getByRole('complementary', { name: 'Details' });
  await within(drawer).findByText('Allergy, recorded by 3 organisations');
  return drawer;
}

describe('the drawer', () => {
  it('takes focus to its title and gives it back to the row on Esc', async () => {
    const drawer = await openPenicillins();
    expect(document.activeElement?.textContent).toBe('Penicillins');
    fireEvent.keyDown(drawer, { key: 'Escape' });
    expect(screen.queryByRole('complementary')).toBeNull();
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Penicillins: anaphylaxis'));
  });

  it('leaves focus with whoever has gone on before it could be given back', async () => {
    const drawer = await openPenicillins();
    fireEvent.keyDown(drawer, { key: 'Escape' });
    const search = screen.getByRole('combobox', { name: 'Search everything' });
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => requestAnimationFrame(done));
    expect(document.activeElement).toBe(search);
  });

  it('puts what differs first, says which record is shown and why, and blends nothing', async () => {
    const drawer = await openPenicillins();
    expect(drawer.textContent).toContain('Organisations differ on status, certainty, risk and reaction.');
    expect(drawer.textContent).toContain(
      'The list shows the record of UHNM, because the highest risk is always the one shown. Nothing has been overwritten. Check with the person or the organisations.',
    );
    const heads = within(drawer)
      .getAllByRole('rowheader')
      .map((one) => one.textContent);
    expect(heads.slice(0, 4)).toEqual(['Status', 'Certainty', 'Risk', 'Reaction']);
    const certainty = within(drawer).getByRole('row', { name: /Certainty/ });
    expect(
      within(certainty)
        .getAllByRole('cell')
        .map((one) => one.textContent),
    ).toEqual(['Confirmed', 'Not recorded', 'Refuted']);
  });

  it('moves to the next item with Alt and the arrow', async () => {
    const drawer = await openPenicillins();
    fireEvent.keyDown(drawer, { key: 'ArrowDown', altKey: true });
    await within(screen.getByRole('complementary')).findByText('Codeine', { selector: 'h2 bdi' });
  });

  it('shows codes and raw FHIR only when asked', async () => {
    const drawer = await openPenicillins();
    expect(drawer.textContent).not.toContain('91936005');
    fireEvent.click(within(drawer).getByRole('button', { name: 'Codes' }));
    expect(drawer.textContent).toContain('91936005');
    fireEvent.click(within(drawer).getByRole('button', { name: 'Raw FHIR' }));
    expect(drawer.textContent).toContain('"resourceType": "AllergyIntolerance"');
  });
});

describe('the keyboard', () => {
  it('moves between rows and sections with the arrows', () => {
    renderViewer(smithRecord(), { start: { section: 'allergies' } });
    const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
    rows[0]?.focus();
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(rows[1]);
    const rail = screen.getByRole('navigation', { name: 'Sections' });
    within(rail).getByRole('button', { name: 'Overview' }).focus();
    fireEvent.keyDown(document.activeElement ?? rail, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toBe('Timeline');
  });
});
