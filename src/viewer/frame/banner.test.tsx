import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AllergyTitle, ClinicalRecord } from '../../record/record.ts';
import { chip, date, group, recordOf } from '../fixtures/groups.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';

const header = (): HTMLElement => screen.getByRole('banner');

function allergies(title: Partial<AllergyTitle>): ClinicalRecord {
  const base = recordOf([], { patient: smith });
  return { ...base, banner: { ...base.banner, allergies: { ...base.banner.allergies, ...title } } };
}

describe('the banner', () => {
  it('names the person in the order of the NHS Common User Interface', () => {
    renderViewer(smithRecord());
    const words = header().textContent;
    const order = ['SMITH, John (Mr)', 'Born', '14-Jul-1945 (81y)', 'Gender', 'Male', 'NHS No.', '999 123 4578'];
    const places = order.map((part) => words.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('says when someone died, and their age then instead of now', () => {
    const record = { ...smithRecord(), patient: { ...smith, deceased: true, deceasedDate: date('2026-09-02') } };
    renderViewer(record);
    expect(header().dataset['deceased']).toBe('true');
    expect(header().textContent).toContain('Died02-Sep-2026');
    expect(header().textContent).toContain('Age at death81y');
    expect(header().textContent).not.toContain('(81y)');
  });

  it('says nothing of the person before anyone has, rather than that they are not known', () => {
    const record = smithRecord();
    renderViewer({ ...record, patient: undefined, status: 'asking' });
    expect(header().textContent).not.toContain('Not known');
    expect(within(header()).getByRole('heading', { name: 'Waiting for who this is' })).toBeTruthy();
  });

  it('says Not known for what is absent', () => {
    renderViewer({ ...smithRecord(), patient: { ...smith, birthDate: undefined, nhsNumber: undefined } });
    expect(within(header()).getAllByText('Not known').length).toBeGreaterThanOrEqual(2);
  });

  it('warns of a number that is not verified', () => {
    renderViewer({ ...smithRecord(), patient: { ...smith, nhsNumberVerified: false } });
    expect(within(header()).getByText('Number not verified')).toBeTruthy();
  });

  it.each([1366, 900, 390])('says that contact details are restricted, where they would stand, %i px wide', (width) => {
    const patient = { ...smith, addresses: [], telecom: [], restrictedAt: [undefined, 'UHNM'] };
    renderViewer({ ...smithRecord(), patient }, { width });
    fireEvent.click(within(header()).getByRole('button', { name: 'Contact details restricted' }));
    const panel = screen.getByRole('presentation').textContent;
    expect(panel).toContain('Restricted: not shown.');
    expect(panel).toContain('Restricted at UHNM: not shown.');
    expect(panel).not.toContain('Not known');
  });

  it('shows that organisations differ on who this is', () => {
    const record = smithRecord();
    renderViewer({
      ...record,
      banner: { ...record.banner, mismatches: [{ field: 'date of birth', sourceIds: ['uhdb'] }] },
    });
    expect(within(header()).getByText('Organisations differ on date of birth')).toBeTruthy();
  });

  it('leads its second zone with the treatment-escalation decision', () => {
    const decision = group('care-plans', 'escalation', 'ReSPECT', ['uhnm'], { on: '2026-09-03' });
    const record = smithRecord();
    renderViewer({ ...record, banner: { ...record.banner, escalation: [decision] } });
    const first = within(header()).getAllByRole('button')[0];
    expect(first?.textContent).toBe('ReSPECT 03-Sep-2026, UHNM');
  });

  it.each([true, false])('opens the original of the decision at one press, own banner: %s (H23)', async (own) => {
    const decision = group('care-plans', 'escalation', 'ReSPECT', ['uhnm'], { on: '2026-09-03' });
    const base = recordOf([decision], { patient: smith });
    const record = { ...base, banner: { ...base.banner, escalation: [decision] } };
    renderViewer(record, { needPatientBanner: own, width: 900, height: 600 });
    const where = own ? header() : screen.getByRole('region', { name: 'Organisations' });
    fireEvent.click(within(where).getByRole('button', { name: 'ReSPECT 03-Sep-2026, UHNM' }));
    const details = await screen.findByRole('dialog', { name: 'Details' });
    expect((await within(details).findByText('Care plan, recorded by 1 organisation')).textContent).toBeTruthy();
  });

  it('keeps the allergies in view beside more than one decision', () => {
    const decisions = ['ReSPECT', 'ReSPECT form'].map((title) =>
      group('care-plans', 'escalation', title, ['uhnm'], { on: '2026-09-03' }),
    );
    const record = smithRecord();
    renderViewer({ ...record, banner: { ...record.banner, escalation: decisions } });
    const buttons = within(header()).getAllByRole('button');
    expect(buttons[0]?.textContent).toBe('ReSPECT 03-Sep-2026, UHNMand 1 more');
    expect(buttons.at(-1)?.textContent).toContain('Known allergies');
  });

  it('is absent where the host shows one: name and number then lead the strip', () => {
    renderViewer(smithRecord(), { needPatientBanner: false, width: 900, height: 600 });
    expect(screen.queryByRole('banner')).toBeNull();
    const strip = screen.getByRole('region', { name: 'Organisations' });
    expect(strip.textContent).toMatch(/^SMITH, John \(Mr\)NHS No\. 999 123 4578/);
  });

  it('says plainly where a host that knows no NHS number is all there is (H2)', () => {
    const record = smithRecord();
    const [own, ...others] = record.sources;
    if (own === undefined || record.patient === undefined) throw new Error('the fixture has both');
    const { nhsNumber: _number, ...patient } = record.patient;
    renderViewer(
      {
        ...record,
        patient: { ...patient, nhsNumber: undefined },
        sources: [own, ...others.map((one) => ({ ...one, status: 'unavailable' as const, notAsked: true }))],
      },
      {
        launchView: {
          hostName: 'Ashgrove EPR',
          hostOrigins: [],
          userName: 'Dr Test',
          role: { code: 'R8000', title: 'Clinician' },
          organisation: { ods: 'RZZ', name: 'Ashgrove' },
          hostSource: { ...own.source, name: 'Ashgrove EPR' },
          hostAlone: true,
        },
      },
    );
    expect(header().textContent).toContain('NHS No.Not known');
    const strip = screen.getByRole('region', { name: 'Organisations' });
    expect(strip.textContent).toContain(
      'No NHS number: only the record of Ashgrove EPR is shown. Nobody else could be asked.',
    );
    expect(strip.textContent).not.toContain('cannot be reached');
    expect(strip.textContent).not.toContain('Try again');
  });

  it('says why an organisation answered in part, where there is room (H2)', () => {
    const record = smithRecord();
    const [own, ...others] = record.sources;
    if (own === undefined) throw new Error('the fixture has one');
    const text = 'Answered in part: not everything arrived; something could not be read';
    const part = { ...record, sources: [{ ...own, status: 'partial' as const, text }, ...others] };
    renderViewer(part);
    const strip = screen.getByRole('region', { name: 'Organisations' }).textContent;
    expect(strip).toContain(`${own.source.label} answered in part: not everything arrived`);
    expect(strip).not.toContain('something could not be read');
  });

  it('leaves to the host’s banner nothing that the host may not know: a death, a number, a birth date that differs, an address not to be told', () => {
    const record = smithRecord();
    renderViewer(
      {
        ...record,
        patient: {
          ...smith,
          deceased: true,
          deceasedDate: date('2026-09-02'),
          nhsNumberVerified: false,
          restrictedAt: ['UHNM'],
        },
        banner: { ...record.banner, mismatches: [{ field: 'date of birth', sourceIds: ['uhdb'] }] },
      },
      { needPatientBanner: false, width: 900, height: 600 },
    );
    const strip = screen.getByRole('region', { name: 'Organisations' }).textContent;
    for (const words of [
      'Died 02-Sep-2026',
      'Number not verified',
      'Organisations differ on date of birth',
      'Contact details restricted',
    ])
      expect(strip).toContain(words);
  });

  it.each<[string, Partial<AllergyTitle>, string]>([
    [
      'known',
      { kind: 'known', text: 'Known allergies', agents: ['Penicillins'], updated: date('2023-05-18') },
      'Known allergiesPenicillinsupdated 18-May-2023',
    ],
    [
      'none known',
      { kind: 'none-known', text: 'No known allergies', assertedBy: { chip: chip('gp'), date: date('2026-01-02') } },
      'No known allergiesGP, 02-Jan-2026',
    ],
    ['not recorded', { kind: 'not-recorded', text: 'Allergies not recorded' }, 'Allergies not recorded'],
    [
      'unavailable',
      { kind: 'unavailable', text: 'Allergies unavailable', asking: 6 },
      'Allergies unavailablestill asking 6 organisations',
    ],
  ])('titles allergies exactly: %s', (_, title, words) => {
    renderViewer(allergies(title));
    const last = within(header()).getAllByRole('button').at(-1);
    if (last === undefined) throw new Error('the banner has buttons');
    expect(last.textContent).toBe(words);
    fireEvent.click(last);
    const extra = words.slice((title.text ?? '').length + (title.agents ?? []).join(', ').length);
    expect(screen.getByRole('presentation').textContent).toContain(extra);
  });

  it('says beside the title of the section who asserts that none is known, and when (H2)', () => {
    const asserted = { chip: chip('gp'), date: date('2026-01-02') };
    const record = allergies({ kind: 'none-known', text: 'No known allergies', assertedBy: asserted });
    renderViewer(record, { start: { section: 'allergies' }, width: 390, height: 844 });
    expect(screen.getByRole('main').textContent).toContain('No known allergies, GP, 02-Jan-2026');
  });
});
