import { expect, it } from 'vitest';
import { servedTypes } from '../facade/search/parameter.ts';
import { resourceTypes } from './element.ts';

it('every type that the facade serves has its elements here', () => {
  expect([...resourceTypes.map((one) => one.type), 'Patient'].toSorted()).toEqual(servedTypes);
});

it('every reference of the table leads to a type of it', () => {
  const known = new Set(resourceTypes.map((one) => one.type));
  const lost = resourceTypes.flatMap(({ type, elements }) =>
    elements.flatMap(({ path, targets }) =>
      targets.filter((one) => !known.has(one)).map((one) => `${type}.${path} ${one}`),
    ),
  );
  expect(lost).toEqual([]);
});
