import { cleanup, configure, render, type RenderResult } from '@testing-library/react';
import { afterEach } from 'vitest';
import type { ClinicalRecord } from '../record/record.ts';
import { App, Themed, type AppProps } from './app.tsx';
import { fixtureNow } from './fixtures/groups.ts';
import { fixtureRegion } from './fixtures/region.ts';
import { fixtureSource } from './fixtures/source.ts';

// What a test waits for is there in an instant, or a busy machine takes its time; a second is neither.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);

/** What the test environment adds to its window. */
type TestWindow = { readonly happyDOM: { setViewport(size: { width: number; height: number }): void } };

/** Renders the page around a fixture at a window of this size (px). */
export function renderViewer(
  record: ClinicalRecord,
  rest: Partial<AppProps> & { readonly width?: number; readonly height?: number } = {},
): RenderResult {
  const { width = 1366, height = 768, ...props } = rest;
  (window as unknown as TestWindow).happyDOM.setViewport({ width, height });
  return render(
    <Themed scheme="light">
      <App
        source={fixtureSource(record)}
        region={fixtureRegion}
        launchView={undefined}
        scopes={['patient/*.rs']}
        needPatientBanner
        clock={() => fixtureNow}
        {...props}
      />
    </Themed>,
  );
}
