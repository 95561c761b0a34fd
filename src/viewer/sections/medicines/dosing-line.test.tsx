import { cleanup } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { group, recordOf } from '../../fixtures/groups.ts';
import { smithRecord } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';
import { preloadSections } from '../table.tsx';

const at = { start: { section: 'medicines' } } as const;
const main = (): string => document.querySelector('main')?.textContent ?? '';

const listed = (): Promise<unknown> => vi.waitUntil(() => main().includes('Current medicines'), { timeout: 20_000 });

beforeAll(preloadSections);

describe('beside the medicines', () => {
  it('stands the last eGFR with its unit, its date and who measured it', async () => {
    renderViewer(smithRecord(), at);
    await listed();
    expect(main()).toMatch(/eGFR.*34\u00a0mL\/min\/1\.73 m², 19-Nov-2026, UHNM/);
  });

  it('says that neither was given only where everyone has answered in whole', async () => {
    const some = [group('medicines', 'current', 'Ramipril', ['gp'])];
    renderViewer(recordOf(some), at);
    await listed();
    expect(main()).toContain('No dated Weight was given · No dated eGFR was given');
    cleanup();
    renderViewer(recordOf(some, { statuses: { uhnm: 'timeout' } }), at);
    await listed();
    expect(main()).toContain('No dated Weight so far · No dated eGFR so far');
  });

  it('says nothing of what the role does not include', async () => {
    renderViewer(smithRecord(), { ...at, scopes: ['patient/MedicationRequest.rs', 'patient/MedicationStatement.rs'] });
    await listed();
    expect(main()).not.toMatch(/eGFR|Weight/);
  });
});
