import { describe, expect, it } from 'vitest';
import { createPlaces, type Place } from './place.ts';

/** The place under this path, one member after the other. */
function placeOf(type: string, path: string): Place {
  const places = createPlaces();
  return path.split('.').reduce(places.below, places.of(type));
}

const plain = { remark: false, wordless: false, label: false, service: false, extension: false, role: 'point' };

describe('a place in a resource', () => {
  it('is nothing in particular at the root', () => {
    expect(createPlaces().of('Observation')).toEqual({
      type: 'Observation',
      key: '',
      path: '',
      ...plain,
      below: new Map(),
    });
  });

  it.each<[string, string, Partial<Place>]>([
    ['Observation', 'component.valueString', {}],
    ['Observation', 'note.text', { remark: true }],
    ['Observation', 'note.extension.valueString', { remark: true }],
    ['Observation', 'extension', { extension: true }],
    ['Observation', 'modifierExtension', { extension: true }],
    ['Observation', 'meta.security', { label: true }],
    ['DocumentReference', 'securityLabel', { label: true }],
    ['DocumentReference', 'securityLabel.coding', { label: true }],
    ['DocumentReference', 'securityLabel.extension', { extension: true }],
    ['DocumentReference', 'type.coding', {}],
    ['Appointment', 'serviceType', { service: true }],
    ['Appointment', 'serviceType.coding', { service: true }],
    ['Appointment', 'serviceType.extension', { extension: true }],
    ['HealthcareService', 'type.coding', { service: true }],
    ['Encounter', 'type.coding', {}],
    ['Encounter', 'id', { wordless: true }],
    ['Encounter', 'partOf', { role: 'hang' }],
    ['Encounter', 'location.location', { role: 'service' }],
  ])('of a %s under %s means what it means to those who read it', (type, path, more) => {
    expect(placeOf(type, path)).toMatchObject({ type, path, key: path.split('.').at(-1), ...plain, ...more });
  });

  it('is worked out once, and only so many are remembered: a sender may make up members without end', () => {
    const places = createPlaces();
    const root = places.of('Basic');
    expect(places.of('Basic')).toBe(root);
    for (let made = 1; made < 20_000; made += 1) places.below(root, `m${made}`);
    expect(root.below.size).toBe(19_999);
    expect(places.below(root, 'm1')).toBe(root.below.get('m1'));
    expect(places.below(root, 'further')).toEqual({ ...places.below(root, 'm1'), key: 'further', path: 'further' });
    expect(root.below.size).toBe(19_999);
    expect(places.of('Further')).not.toBe(places.of('Further'));
  });
});
