import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { SectionId } from '../../record/record.ts';
import { smithRecord } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';
import { roleShare } from './role.ts';
import roles from '../../../smart-config/roles.json' with { type: 'json' };

const scopesOf = (code: string): readonly string[] => roles.roles.find((one) => one.code === code)?.scopes ?? [];
/** A section that is loaded when it is first opened. */
const lazily = { timeout: 60_000 };
const main = (): HTMLElement => screen.getByRole('main');

describe('what a role includes of a section', () => {
  it.each<readonly [string, SectionId, 'all' | 'part' | 'none']>([
    ['R8000', 'results', 'all'],
    ['R1290', 'medicines', 'all'],
    ['R1290', 'allergies', 'all'],
    ['R1290', 'results', 'part'],
    ['R1290', 'vital-signs', 'part'],
    ['R1290', 'problems', 'none'],
    ['R1290', 'documents', 'none'],
    ['R1070', 'care-plans', 'all'],
    ['R1070', 'documents', 'part'],
    ['R1070', 'results', 'none'],
    ['R1070', 'social-care', 'none'],
    ['R8014', 'results', 'none'],
    ['R8014', 'vital-signs', 'none'],
    ['R8014', 'documents', 'none'],
    ['R8014', 'social-care', 'all'],
    ['R8014', 'alerts', 'all'],
    ['R8009', 'appointments', 'all'],
    ['R8009', 'people', 'all'],
    ['R8009', 'encounters', 'none'],
    ['R8009', 'social-care', 'none'],
    ['R8009', 'mental-health', 'none'],
    ['R8009', 'allergies', 'none'],
    ['R0001', 'people', 'none'],
    ['R0001', 'care-plans', 'none'],
  ])('%s, %s: %s', (code, section, share) => {
    expect(roleShare(section, scopesOf(code))).toBe(share);
  });
});

describe('a receptionist', () => {
  const scopes = scopesOf('R8009');

  it('reads on the overview that it is the role, never that there is nothing', () => {
    renderViewer(smithRecord(), { scopes });
    const text = main().textContent ?? '';
    for (const items of ['allergies', 'problems', 'medicines', 'results', 'contacts', 'care plans', 'alerts'])
      expect(text).toContain(`Your role does not include ${items}.`);
    expect(text).not.toMatch(/gave no (allergies|problems|medicines|results|contacts|care plans|alerts)/);
    expect(text).not.toContain('Penicillin');
    // What is to come stands in the card of contacts, and is in the role.
    expect(text).toContain('To come');
  });

  it('is told in the banner that allergies are not in the role', () => {
    renderViewer(smithRecord(), { scopes });
    expect(document.body.textContent).toContain('Allergies: not included in your role');
    expect(document.body.textContent).not.toMatch(/No known allergies|Allergies not recorded/i);
  });

  it('reads no number where the role has none, neither in the rail nor in the banner', () => {
    const record = smithRecord();
    renderViewer({ ...record, banner: { ...record.banner, alerts: [] } }, { scopes });
    const entry = (name: RegExp): string => screen.getByRole('button', { name }).textContent ?? '';
    expect(entry(/^Medicines/)).toBe('Medicines');
    expect(entry(/^Appointments/)).toMatch(/\d/);
    expect(within(screen.getByRole('banner')).getByRole('button', { name: /^Alerts/ }).textContent).toBe(
      'Alertsnot included in your role',
    );
  });

  it('is told what the timeline leaves out', async () => {
    renderViewer(smithRecord(), { scopes, start: { section: 'timeline' } });
    expect(
      await within(main()).findByText(/^Your role does not include contacts, procedures, immunisations,/, {}, lazily),
    ).toBeDefined();
  });
});

describe('a pharmacist', () => {
  it('is told that the results are some of them', async () => {
    renderViewer(smithRecord(), { scopes: scopesOf('R1290'), start: { section: 'results' } });
    expect(await within(main()).findByText('Your role includes only some results.', {}, lazily)).toBeDefined();
  });
});
