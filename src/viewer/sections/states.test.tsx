import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { SectionId } from '../../record/record.ts';
import { fixtureNow, group, recordOf, type Statuses } from '../fixtures/groups.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { fixtureSource, pageSource } from '../fixtures/source.ts';
import { noFilter } from '../model/filter.ts';
import { renderViewer } from '../testing.tsx';

const main = (): HTMLElement => screen.getByRole('main');
const at = (section: SectionId): { readonly start: { readonly section: SectionId } } => ({ start: { section } });
const every = (status: 'asking' | 'timeout'): Statuses =>
  Object.fromEntries(fixtureRegion.sources.map((one) => [one.id, status]));

describe('the states of a section, in their exact words', () => {
  it('loading', () => {
    const record = recordOf([], { statuses: every('asking'), patient: smith });
    renderViewer(record, { ...at('procedures'), source: fixtureSource(record, { kind: 'open' }) });
    expect(screen.getByRole('status', { name: 'Loading procedures' })).toBeTruthy();
    expect(main().textContent).not.toContain('None');
  });

  it('still waiting, after two seconds', async () => {
    vi.useFakeTimers();
    const record = recordOf([], { statuses: { gp: 'asking', uhnm: 'asking', scc: 'asking' }, patient: smith });
    renderViewer(record, { ...at('procedures'), source: fixtureSource(record, { kind: 'open' }) });
    expect(main().textContent).not.toContain('Still waiting');
    await vi.advanceTimersByTimeAsync(2100);
    vi.useRealTimers();
    expect(await screen.findByText('Still waiting for 3 organisations')).toBeTruthy();
  });

  it('partial', () => {
    renderViewer(smithRecord(), at('allergies'));
    expect(main().textContent).toContain('Incomplete');
    expect(main().textContent).toContain(
      'WMShCR has not answered. There may be allergies that are not shown here. Try again',
    );
  });

  it('empty, all answered', () => {
    renderViewer(recordOf([], { patient: smith }), at('procedures'));
    expect(main().textContent).toContain('The 10 organisations that answered gave no procedures to show.');
  });

  it('empty, not all answered: never as none, and 0 so far in the rail', () => {
    renderViewer(recordOf([], { statuses: { wmshcr: 'timeout' }, patient: smith }), at('procedures'));
    expect(main().textContent).toContain(
      'Nothing so far. WMShCR has not answered, so there may be procedures that are not shown. Try again',
    );
    const rail = screen.getByRole('navigation', { name: 'Sections' });
    expect(within(rail).getByRole('button', { name: /^Procedures/ }).textContent).toBe('Procedures0 so far');
  });

  it('empty by filter, with a way out', () => {
    renderViewer(smithRecord(), {
      start: { section: 'problems', filter: { ...noFilter, sourceId: 'scc', time: 'year' } },
    });
    expect(main().textContent).toContain('21 items are hidden by the filter SCC, last 12 months. Remove filter');
    fireEvent.click(within(main()).getByRole('button', { name: 'Remove filter' }));
    expect(main().textContent).toContain('Heart failure with reduced EF');
  });

  it('no organisation answered', () => {
    renderViewer(recordOf([], { statuses: every('timeout'), patient: smith }), at('procedures'));
    expect(main().textContent).toContain(
      'No organisation has answered. This does not mean that there is nothing to know. Try again',
    );
  });

  it('role @147', () => {
    renderViewer(smithRecord(), { ...at('immunisations'), scopes: ['patient/Patient.rs', 'openid'] });
    expect(main().textContent).toContain('Your role does not include immunisations.');
    expect(main().textContent).not.toContain('Influenza');
  });

  it('stream cut', () => {
    const record = smithRecord({ wmshcr: 'asking', nscht: 'asking', stc: 'asking', chc: 'asking' });
    renderViewer(record, { source: fixtureSource(record, { kind: 'cut', at: fixtureNow }) });
    expect(main().textContent).toContain(
      'The connection was lost at 09:42, when 6 of 10 organisations had answered. What they sent is shown. Ask the others',
    );
  });

  it('a section that fails leaves the others alone', () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const unshowable = group('procedures', 'past', {} as string, ['gp']);
    renderViewer(recordOf([unshowable, group('immunisations', 'past', 'Influenza vaccine', ['gp'])]), at('procedures'));
    quiet.mockRestore();
    expect(main().textContent).toContain('This section could not be shown. The others are not affected. Try again');
    fireEvent.click(screen.getByRole('button', { name: /^Immunisations/ }));
    expect(main().textContent).toContain('Influenza vaccine');
  });

  it('entered in error is struck through, and only under past', () => {
    renderViewer(smithRecord(), at('allergies'));
    expect(main().textContent).toContain('Entered in error, 11-Mar-2011');
    const heading = screen.getByRole('heading', { name: 'Past or ruled out' });
    expect(heading.closest('section')?.textContent).toContain('Trimethoprim');
  });

  it('shows markup of a source as text', () => {
    const evil = group('procedures', 'past', '<img src=x onerror=alert(1)>', ['gp'], { on: '2026-01-01' });
    const { container } = renderViewer(recordOf([evil], { patient: smith }), at('procedures'));
    expect(container.querySelector('img')).toBeNull();
    expect(main().textContent).toContain('<img src=x onerror=alert(1)>');
  });
});

describe('pages without a record', () => {
  it('refused: the same words for every cause, and no name', () => {
    renderViewer(smithRecord(), { source: pageSource('refused') });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      'This person’s information is not available in One Health and Care',
    );
    const words = document.body.textContent;
    expect(words).toContain('There can be several reasons. This page looks the same for all of them.');
    expect(words).toContain('This does not mean that there is nothing to know about this person.');
    expect(words).toContain('phone the records team on 0808 157 0100 or email records@onehealthandcare.example.');
    expect(words).toContain('Your name, role and the time have been added to the audit trail.');
    expect(words).not.toContain('SMITH');
  });

  it('undecided: no refusal, and Try again', () => {
    const source = { ...pageSource('undecided'), askAgain: vi.fn<() => void>() };
    renderViewer(smithRecord(), { source });
    expect(document.body.textContent).toContain('because it could not be checked whether it may be.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(source.askAgain).toHaveBeenCalledOnce();
  });

  it('session ended: names the host', () => {
    renderViewer(smithRecord(), {
      source: pageSource('session-ended'),
      launchView: {
        hostName: 'Millbrook Clinical Desktop',
        hostOrigins: [],
        userName: '',
        role: { code: '', title: '' },
        organisation: { ods: '', name: '' },
      },
    });
    expect(screen.getByRole('alert').textContent).toBe(
      'Your session has ended. Open One Health and Care again from Millbrook Clinical Desktop.',
    );
  });
});

describe('the strip', () => {
  it('says how many have answered, the exceptions in words, and that people are invented', () => {
    renderViewer(smithRecord());
    const strip = screen.getByRole('region', { name: 'Organisations' });
    expect(within(strip).getByRole('meter', { name: '9 of 10 organisations have answered' })).toBeTruthy();
    expect(strip.textContent).toContain('WMShCR has not answered');
    expect(strip.textContent).toContain('as of 17-Nov-2026');
    expect(strip.textContent).toContain('6 gave a record, 3 gave none');
    expect(strip.textContent).toContain('Test: invented people');
  });

  it('leads with its age after fifteen minutes', () => {
    renderViewer(smithRecord(), { source: fixtureSource(smithRecord(), { kind: 'closed' }, fixtureNow - 34 * 60_000) });
    expect(screen.getByRole('region', { name: 'Organisations' }).textContent).toContain(
      'Asked today 09:08, 34 minutes agoAsk again',
    );
  });
});

describe('what a practice says of its own lists, where it cannot be missed', () => {
  const text = 'Items excluded due to confidentiality and/or patient preferences.';
  const warning = { sourceId: 'gp', label: 'GP', text, date: undefined, incomplete: true };
  const emptyOnly = { ...warning, text: 'Information not available', incomplete: false };
  const record = recordOf([], {
    patient: smith,
    warnings: { problems: [warning], medicines: [warning], immunisations: [emptyOnly] },
  });

  it('at the head of the section, and beside what gave nothing', () => {
    renderViewer(record, at('problems'));
    expect(main().textContent).toContain(`GP: ${text}`);
    expect(main().textContent).toContain(
      'The 10 organisations that answered gave no problems to show. GP says that its list may not be complete.',
    );
  });

  it.each<SectionId>(['overview', 'timeline'])(
    'once above the %s, with the sections that it is about',
    async (section) => {
      renderViewer(record, at(section));
      await screen.findByText(text);
      expect(main().textContent).toContain(`GP: ${text} (Problems and Medicines)`);
      expect(main().textContent?.split(text)).toHaveLength(2);
      expect(main().textContent).not.toContain('Information not available');
    },
  );

  it('an empty list without a warning says no more than that', () => {
    renderViewer(record, at('immunisations'));
    expect(main().textContent).toContain('GP: Information not available');
    expect(main().textContent).not.toContain('may not be complete');
  });

  it('nothing of a section that the role does not include', () => {
    renderViewer(record, { ...at('overview'), scopes: ['patient/Patient.rs'] });
    expect(main().textContent).not.toContain(text);
  });
});
