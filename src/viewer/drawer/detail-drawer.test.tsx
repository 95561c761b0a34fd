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

  it('says whom to tell of an error: each organisation that recorded it, and what to say', async () => {
    const drawer = await openPenicillins();
    fireEvent.click(within(drawer).getByRole('button', { name: 'Report an error' }));
    const said = await within(drawer).findByRole('region', { name: 'Report an error' });
    const holders = within(said).getAllByRole('listitem');
    expect(holders.map((one) => one.textContent)).toEqual([
      'UHNM Royal Stoke: 01632 960 000',
      'GP Etruria Vale Surgery: 01632 960 000',
      'UHDB Royal Derby: 01632 960 000',
    ]);
    expect(within(said).getAllByRole('link', { name: '01632 960 000' })[0]?.getAttribute('href')).toBe(
      'tel:01632960000',
    );
    expect(said.textContent).toContain('which entry: Allergy, Penicillins, 22-Jun-2014.');
    expect(said.textContent).toContain('Nothing is sent from here.');
    expect(said.textContent).toContain('0808 157 0100');
    fireEvent.click(within(drawer).getByRole('button', { name: 'Fields' }));
    expect(drawer.textContent).toContain('Nothing has been overwritten.');
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
