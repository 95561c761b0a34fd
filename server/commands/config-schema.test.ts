import { expect, test } from 'vitest';
import { configSchemas, outdatedSchemas } from './config-schema.ts';

test('the JSON Schemas beside the configuration say what the code checks', async () => {
  expect(configSchemas().size).toBe(6);
  expect(await outdatedSchemas('smart-config'), 'run "npm run config:schema"').toEqual([]);
});

test('a schema that is missing is out of date', async () => {
  expect(await outdatedSchemas('server')).toHaveLength(6);
});
