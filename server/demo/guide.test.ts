import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { format } from 'prettier';
import { demoGuide } from './guide.ts';

it('docs/demo.md tells of the people as they are (vitest -u writes it anew)', async () => {
  expect(demoGuide()).toContain('SMITH, John (Mr)');
  const guide = await format(demoGuide(), { parser: 'markdown', printWidth: 120 });
  await expect(guide).toMatchFileSnapshot(resolve('docs/demo.md'));
});
