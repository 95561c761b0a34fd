import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { LaunchView } from '../../../fhir/region.ts';
import type { OwnProfile, Profile } from '../../../launch/own-profile.ts';
import { smithRecord } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

const view: LaunchView = {
  hostName: 'Millbrook Clinical Desktop',
  hostOrigins: [],
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8000', title: 'Clinical practitioner' },
  organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
  own: { said: ['registration'], bodies: ['GMC'] },
};
const profile: Profile = { name: 'Dr Peter OKAFOR', registration: { body: 'GMC', number: '7654321' } };

async function panel(
  more: Partial<LaunchView> = {},
  correct: OwnProfile['correct'] = async (asked) => asked,
): Promise<{ readonly form: HTMLElement; readonly correct: ReturnType<typeof vi.fn> }> {
  const spy = vi.fn(correct);
  renderViewer(smithRecord(), {
    start: { section: 'about' },
    launchView: { ...view, ...more },
    own: { read: async () => profile, correct: spy },
  });
  return { form: await screen.findByRole('form', { name: 'You' }), correct: spy };
}

describe('the user’s own profile', () => {
  it('shows what the host says as the host’s, and lets the number be corrected', async () => {
    const { form, correct } = await panel();
    expect(form.textContent).toContain('NameFrom Millbrook Clinical DesktopDr Peter OKAFOR');
    expect(form.textContent).toContain('OrganisationFrom Millbrook Clinical DesktopUniversity Hospitals');
    expect(within(form).queryByRole('textbox', { name: 'Name' })).toBeNull();
    fireEvent.change(within(form).getByRole('textbox', { name: 'GMC number' }), { target: { value: '123 4567' } });
    fireEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(await within(form).findByText(/^Saved/)).toBeTruthy();
    expect(correct).toHaveBeenCalledWith({ ...profile, registration: { body: 'GMC', number: '1234567' } });
  });

  it('says what is wrong with a number, and sends nothing', async () => {
    const { form, correct } = await panel();
    const field = within(form).getByRole('textbox', { name: 'GMC number' });
    fireEvent.change(field, { target: { value: '12' } });
    fireEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(await within(form).findByText('Enter all 7 digits of your GMC number')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(correct).not.toHaveBeenCalled();
  });

  it('shows the server’s words where it refuses', async () => {
    const { form } = await panel({}, async () => ({ refused: 'Your name comes from Millbrook Clinical Desktop.' }));
    fireEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(await within(form).findByText('Your name comes from Millbrook Clinical Desktop.')).toBeTruthy();
  });

  it('has nothing to save where the host says everything', async () => {
    const { form } = await panel({ own: { said: [], bodies: ['GMC'] } });
    expect(form.textContent).toContain('GMC numberFrom Millbrook Clinical Desktop7654321');
    expect(within(form).queryByRole('button')).toBeNull();
  });

  it('lets a name be corrected that the host does not give', async () => {
    const { form, correct } = await panel({ own: { said: ['name'], bodies: [] } });
    fireEvent.change(within(form).getByRole('textbox', { name: 'Name' }), { target: { value: 'Siân Ó Dálaigh' } });
    fireEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(await within(form).findByText(/^Saved/)).toBeTruthy();
    expect(correct).toHaveBeenCalledWith({ ...profile, name: 'Siân Ó Dálaigh' });
  });
});
