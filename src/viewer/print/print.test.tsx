import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Looks } from '../../launch/looks.ts';
import type { SectionId } from '../../record/record.ts';
import { date, group, medicine, recordOf, value } from '../fixtures/groups.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { noFilter } from '../model/filter.ts';
import { loadPrintedParts } from './print-sheet.tsx';
import { renderViewer } from '../testing.tsx';

const launchView = {
  hostName: 'Millbrook Clinical Desktop',
  hostOrigins: [],
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8000', title: 'Doctor' },
  organisation: { ods: 'RJE', name: 'UHNM' },
};
/** What lay on the paper when the browser printed. */
let paper: string | undefined;
/** What of it stands on every page. */
let headOfPage = '';

/** As a browser prints: it says so before and after. */
function browserPrints(): void {
  window.dispatchEvent(new Event('beforeprint'));
  paper = document.querySelector('[data-print="sheet"]')?.textContent ?? undefined;
  headOfPage = document.querySelector('[data-print="sheet"] > table > thead')?.textContent ?? '';
  expect(document.querySelector('[data-print="screen"]')).not.toBeNull();
  window.dispatchEvent(new Event('afterprint'));
}
beforeEach(() => {
  paper = undefined;
  vi.stubGlobal('print', browserPrints);
});
afterEach(() => vi.unstubAllGlobals());

const at = (section: SectionId) => ({ start: { section }, launchView });

describe('a print', () => {
  it('says on each page whose it is, what is missing, who printed it and when (H12)', () => {
    renderViewer(smithRecord(), at('allergies'));
    browserPrints();
    const head = paper ?? '';
    expect(head).toContain('SMITH, John (Mr), born 14-Jul-1945, NHS No. 999 123 4578');
    expect(head).toContain('Incomplete: WMShCR has not answered. SCC as of 17-Nov-2026.');
    expect(head).toContain(
      'Printed by Dr Peter OKAFOR, UHNM, 20-Nov-2026 09:42. Organisations asked 20-Nov-2026 09:41. Correct only at that time.',
    );
    expect(head).toContain('There may be allergies that are not shown here.');
    expect(head).toContain('Penicillins');
    expect(head).toContain('≠ Organisations differ');
    expect(head).not.toContain('Furosemide');
  });

  it('holds the sections that were chosen, and no more', () => {
    const look = vi.fn<Looks['look']>();
    renderViewer(smithRecord(), { ...at('allergies'), look });
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    const choices = screen.getByRole('group', { name: 'Sections to print' });
    expect(within(choices).getByRole('checkbox', { name: 'Allergies' })).toHaveProperty('checked', true);
    fireEvent.click(within(choices).getByRole('checkbox', { name: 'Allergies' }));
    fireEvent.click(within(choices).getByRole('checkbox', { name: 'Medicines' }));
    fireEvent.click(within(choices).getByRole('checkbox', { name: 'Problems' }));
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    expect(paper).toContain('Furosemide');
    expect(paper).toContain('Heart failure with reduced EF');
    expect(paper).not.toContain('anaphylaxis');
    expect(look.mock.calls.filter(([kind]) => kind === 'print')).toEqual([['print', ['problems', 'medicines']]]);
    expect(document.querySelector('[data-print]')).toBeNull();
  });

  it('is reported too where the browser’s own printing is used', () => {
    const look = vi.fn<Looks['look']>();
    renderViewer(smithRecord(), { ...at('problems'), look });
    browserPrints();
    expect(look.mock.calls.at(-1)).toEqual(['print', ['problems']]);
  });

  it('is whole at any size, and says what a filter hides', () => {
    const many = Array.from({ length: 450 }, (_, n) =>
      group('procedures', 'past', `Scan ${n}.`, [n === 0 ? 'gp' : 'uhnm'], { on: '2020-01-01' }),
    );
    renderViewer(recordOf(many, { patient: smith }), {
      start: { section: 'procedures', filter: { ...noFilter, sourceId: 'uhnm' } },
    });
    browserPrints();
    expect(paper?.match(/Scan \d+\./g)).toHaveLength(449);
    expect(paper).toContain('449 of 450');
    expect(paper).toContain('1 item is hidden by the filter UHNM.');
    expect(paper).toContain('Only what the filter UHNM lets through.');
  });

  it('says of a medicine what its row says: what was issued, who prescribes it, why it was stopped (H7)', async () => {
    await loadPrintedParts();
    const facts = {
      ...medicine('One daily', '2021-03-14', '2026-10-20', []),
      quantity: '28 tablet',
      halt: { kind: 'on-hold', reason: 'Low blood pressure', who: undefined, at: undefined } as const,
    };
    const held = group('medicines', 'current', 'Ramipril', ['gp'], { medicine: facts });
    renderViewer(recordOf([held], { patient: smith }), at('medicines'));
    browserPrints();
    expect(paper).toContain('On hold: Low blood pressure; Quantity 28 tablet');
  });

  it('says on each page who died and when, what was decided on resuscitation, and what the region asks to be known (H12)', () => {
    const whole = smithRecord();
    const decision = group('care-plans', 'escalation', 'ReSPECT plan', ['uhnm'], { on: '2026-09-03' });
    renderViewer(
      {
        ...whole,
        patient: { ...smith, deceased: true, deceasedDate: date('2026-09-10') },
        banner: { ...whole.banner, escalation: [decision] },
      },
      {
        ...at('allergies'),
        region: { ...fixtureRegion, notices: [{ text: 'UHNM has no letters before 2020.', from: '2026-01-01' }] },
      },
    );
    browserPrints();
    const head = headOfPage;
    expect(head).toContain('Gender Male');
    expect(head).toContain('Died 10-Sep-2026, age at death 81y');
    expect(head).toContain('ReSPECT, 03-Sep-2026, UHNM');
    expect(head).toContain('UHNM has no letters before 2020.');
  });

  it('tells safeguarding details only where they were chosen, and reports that', () => {
    const look = vi.fn<Looks['look']>();
    const record = recordOf(
      [
        group('alerts', 'current', 'Money taken by a neighbour', ['scc'], { on: '2026-11-01', safeguarding: true }),
        group('alerts', 'current', 'Falls: high risk', ['mpft'], { on: '2026-11-16' }),
      ],
      { patient: smith },
    );
    renderViewer(record, { ...at('alerts'), look });
    browserPrints();
    expect(paper).not.toContain('neighbour');
    expect(paper).toContain('Safeguarding information exists. Its details are not printed.');
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'With safeguarding details' }));
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    expect(paper).toContain('neighbour');
    expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section', 'print', 'print', 'safeguarding']);
  });

  it('lays results out by date and test, the columns that do not fit below, and leaves none out', async () => {
    await loadPrintedParts();
    const bloods = Array.from({ length: 8 }, (_, n) =>
      group('results', 'blood', `Test ${n}`, ['uhnm'], {
        on: '2026-11-19T07:10:00Z',
        value: value(`${n}.5`, 'mmol/L', n === 7 ? 'high' : undefined),
      }),
    );
    const report = group('results', 'reports', 'Chest X-ray report', ['uhnm'], { on: '2026-11-18' });
    renderViewer(recordOf([...bloods, report], { patient: smith }), at('results'));
    browserPrints();
    for (let n = 0; n < 8; n += 1) expect(paper).toContain(`${n}.5`);
    expect(paper).toContain('▲ 7.5');
    expect(paper?.match(/Taken/g)).toHaveLength(2);
    expect(paper?.match(/19-Nov-2026 07:10/g)).toHaveLength(2);
    expect(paper).toContain('Chest X-ray report');
  });

  it('can be had on a phone', () => {
    renderViewer(smithRecord(), { ...at('allergies'), width: 390 });
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    fireEvent.click(screen.getByRole('button', { name: 'Print' }));
    expect(paper).toContain('Penicillins');
  });

  it('never says that there is nothing where someone has not answered', () => {
    renderViewer(recordOf([], { statuses: { wmshcr: 'timeout' }, patient: smith }), at('procedures'));
    browserPrints();
    expect(paper).toContain('WMShCR has not answered.');
    expect(paper).not.toContain('gave no procedures');
  });

  it('leaves out what the role leaves out, and says so', () => {
    renderViewer(smithRecord(), { ...at('immunisations'), scopes: ['patient/Patient.rs'] });
    browserPrints();
    expect(paper).toContain('Your role does not include immunisations.');
    expect(paper).not.toContain('Influenza');
  });
});
