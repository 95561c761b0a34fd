import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { rolesDocument, rolesFile } from './roles.ts';

test('docs/roles.md says what a facade gives each role of smart-config', async () => {
  expect(await readFile(rolesFile, 'utf8'), 'run "npm run roles"').toBe(await rolesDocument());
});
