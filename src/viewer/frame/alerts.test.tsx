import { fireEvent, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { group, recordOf } from '../fixtures/groups.ts';
import { smith } from '../fixtures/smith.ts';
import { renderViewer } from '../testing.tsx';

const alerts = [
  group('alerts', 'current', 'Child protection plan', ['scc'], { on: '2026-09-02' }),
  group('alerts', 'current', 'Visit in pairs', ['mpft'], { on: '2025-03-11' }),
];

it.each([1366, 900, 390])(
  'stand in the banner at every width, and open with their dates and who recorded them (H29)',
  async (width) => {
    const record = recordOf(alerts, { patient: smith });
    renderViewer({ ...record, banner: { ...record.banner, alerts } }, { width });
    fireEvent.click(within(screen.getByRole('banner')).getByRole('button', { name: /^Alerts ?2$/ }));
    const panel = (await screen.findByText(/Child protection plan \(SCC\)/)).closest('.MuiPopover-paper');
    expect(panel?.textContent).toContain('02-Sep-2026');
    expect(panel?.textContent).toContain('Visit in pairs (MPFT)');
  },
);
