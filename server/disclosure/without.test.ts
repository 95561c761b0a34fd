import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import { withoutElements } from './without.ts';

const all = (): boolean => true;
const none = (): boolean => false;
const extension = [{ url: 'urn:x', valueString: 'Psychiatry' }];
const task = (members: object): Resource => ({ resourceType: 'Task', id: 't', ...members });
/** What is left of a Task where `display` is named, to a role that may read these types. */
const closely = (members: object, ...types: readonly string[]): unknown =>
  withoutElements(task(members), ['display'], (type) => types.includes(type));

describe('elements that are named', () => {
  it.each<[string, string, object, object]>([
    ['at the top', 'note', { note: [{ text: 'x' }], code: { text: 'y' } }, { code: { text: 'y' } }],
    ['within another', 'input.type', { input: [{ type: { text: 'x' }, id: '1' }] }, { input: [{ id: '1' }] }],
    ['and not of that name elsewhere', 'input.type', { output: [{ type: 'x' }] }, { output: [{ type: 'x' }] }],
    ['with what leaves nothing behind', 'input.type', { input: [{ type: 'x' }], code: 'y' }, { code: 'y' }],
    [
      'of a pointer',
      'owner.display',
      { owner: { reference: 'Group/g', display: 'x' } },
      { owner: { reference: 'Group/g' } },
    ],
    ['with what a source adds to a plain value', 'note', { note: 'x', _note: { extension } }, {}],
    [
      'with that within another',
      'input.type',
      { input: [{ type: 'x', _type: { extension }, id: '1' }] },
      { input: [{ id: '1' }] },
    ],
    ['and not what a source adds to another plain value', 'note', { _start: { extension } }, { _start: { extension } }],
    [
      'an extension of one element alone',
      'code.extension',
      { code: { text: 'x', extension }, extension },
      { code: { text: 'x' }, extension },
    ],
    [
      'an extension of one plain value alone',
      'start.extension',
      { _start: { id: 'x', extension }, extension },
      { _start: { id: 'x' }, extension },
    ],
  ])('go: %s', (_name, element, members, expected) => {
    expect(withoutElements(task(members), [element], none)).toStrictEqual(task(expected));
  });

  it('go out of what is contained, at whatever depth, with its narrative', () => {
    const inside = {
      resourceType: 'Condition',
      id: 'c',
      text: { div: '<div>x</div>' },
      note: [{ text: 'x' }],
      stage: [{ type: { text: 'x' }, summary: { text: 'y' } }],
    };
    expect(
      withoutElements(task({ contained: [inside], focus: { reference: '#c' } }), ['note', 'stage.type'], none),
    ).toStrictEqual(
      task({
        contained: [{ resourceType: 'Condition', id: 'c', stage: [{ summary: { text: 'y' } }] }],
        focus: { reference: '#c' },
      }),
    );
  });

  it('leave the id, the labels and the profile', () => {
    const meta = { source: 'urn:s', security: [{ code: 'R' }], profile: ['urn:p'], extension };
    expect(withoutElements(task({ meta }), ['note', 'extension'], none)).toStrictEqual(task({ meta }));
  });
});

describe('extensions, where they are named', () => {
  const without = (members: object): unknown => withoutElements(task(members), ['extension'], all);

  it('go at whatever depth, and nothing else does', () => {
    expect(
      without({
        extension,
        _start: { extension },
        owner: { reference: 'Group/g', display: 'x', extension },
        code: { text: 'y', _text: { extension }, coding: [{ code: 'z', extension }] },
        contained: [{ resourceType: 'Basic', id: 'b', extension, code: { text: 'y', extension } }],
      }),
    ).toStrictEqual(
      task({
        owner: { reference: 'Group/g', display: 'x' },
        code: { text: 'y', coding: [{ code: 'z' }] },
        contained: [{ resourceType: 'Basic', id: 'b', code: { text: 'y' } }],
      }),
    );
  });

  it('take what cannot be understood without them, and what has no sense without that', () => {
    const modified = { modifierExtension: [{ url: 'urn:not', valueBoolean: true }] };
    expect(without({ input: [{ ...modified, text: 'x' }, { text: 'y' }] })).toStrictEqual(
      task({ input: [{ text: 'y' }] }),
    );
    expect(without({ input: [{ what: { ...modified, text: 'x' }, text: 'y' }] })).toStrictEqual(task({}));
    expect(without({ contained: [{ resourceType: 'Basic', ...modified }], code: 'y' })).toStrictEqual(
      task({ contained: [], code: 'y' }),
    );
    expect(without(modified)).toBeUndefined();
    expect(withoutElements(task(modified), ['note'], all)).toStrictEqual(task(modified));
    expect(withoutElements(task({ input: [modified] }), ['note'], all)).toStrictEqual(task({ input: [modified] }));
  });
});

describe('narrowly', () => {
  it('who gave it stays in its labels, and nothing that the source says there', () => {
    const own = [
      { system: system.odsOrganisation, code: 'RJE' },
      { system: ohc.sourceLabel, code: 'ACUTE' },
    ];
    const stays = { versionId: '1', lastUpdated: '2026-11-20T09:41:00Z', source: 'urn:s' };
    const says = { security: [{ code: 'PSY' }], profile: ['urn:psychiatry'], extension };
    const meta = { ...stays, ...says, tag: [...own, { system: 'urn:theirs', code: 'psychiatry' }] };
    expect(closely({ meta })).toStrictEqual(task({ meta: { ...stays, tag: own } }));
    expect(closely({ meta: { ...says, tag: [{ code: 'psychiatry' }] } })).toStrictEqual(task({ meta: {} }));
  });

  it.each([
    [
      'Appointment',
      {
        status: 'booked',
        start: '2026-12-01',
        _start: { id: 'x' },
        comment: 'x',
        participant: [{ status: 'accepted' }],
      },
    ],
    ['Location', { status: 'active', name: 'Ward 3', telecom: [{ value: '01632 960 001' }], address: { city: 'x' } }],
    ['Organization', { active: true, name: 'Trust', alias: ['T'], endpoint: [{ id: 'x' }] }],
    ['Practitioner', { active: true, name: [{ family: 'Wren' }], qualification: [{ id: 'x' }] }],
  ])('of an %s leaves what R4 knows and nothing else', (resourceType, known) => {
    const one = { resourceType, id: 'a', ...known, extension };
    expect(withoutElements({ ...one, reason: 'Psychiatry', _ward: { id: 'x' } }, ['display'], all)).toStrictEqual(one);
  });

  it('of other types leaves what they have', () => {
    expect(closely({ reason: 'x', _reason: { id: 'y' } })).toStrictEqual(task({ reason: 'x', _reason: { id: 'y' } }));
    expect(withoutElements({ resourceType: 'constructor', reason: 'x' }, ['display'], all)).toHaveProperty('reason');
  });

  it.each<[string, object, object | undefined]>([
    [
      'to what the role may read, without its name',
      { reference: 'Practitioner/d', display: 'Psychiatrist' },
      { reference: 'Practitioner/d' },
    ],
    [
      'at another address',
      { reference: 'https://a.example/Practitioner/d', display: 'x' },
      { reference: 'https://a.example/Practitioner/d' },
    ],
    [
      'to a place, with its name',
      { reference: 'Location/l', display: 'Ward 3' },
      { reference: 'Location/l', display: 'Ward 3' },
    ],
    ['to a place that is only named', { type: 'Organization', display: 'Trust' }, { display: 'Trust' }],
    ['to a place without a name', { reference: 'Location/l' }, { reference: 'Location/l' }],
    ['to a place within it, by its name', { reference: '#ward' }, { display: 'Ward 3' }],
    [
      'to a place within it, as it is called here',
      { reference: '#ward', display: 'Ward Three' },
      { display: 'Ward Three' },
    ],
    ['to what the role may not read', { reference: 'Device/s', display: 'Psychiatry' }, undefined],
    ['to what the role may not read, within it', { reference: '#service', display: 'Psychiatry' }, undefined],
    ['to somebody within it', { reference: '#doctor', display: 'Psychiatrist' }, undefined],
    ['to nothing that is there', { reference: '#nothing', type: 'Location', display: 'Ward 3' }, { display: 'Ward 3' }],
    ['to nobody knows what', { reference: 'urn:uuid:9c5b94b1-35ad-49bb-b118-8e8fc24abf80', display: 'x' }, undefined],
    ['to what is only named', { display: 'Psychiatry' }, undefined],
    ['to what is only numbered', { identifier: { value: '1' }, display: 'Psychiatry' }, undefined],
    ['to somebody only named', { type: 'Practitioner', display: 'Psychiatrist' }, undefined],
    [
      'with whatever a source has put beside',
      { reference: 'Practitioner/d', specialty: 'x' },
      { reference: 'Practitioner/d' },
    ],
    ['that is a name and numbers by the end', { identifier: { value: '1' }, display: 'x', more: [] }, undefined],
  ])('a pointer %s', (_name, pointer, expected) => {
    const contained = [
      { resourceType: 'Location', id: 'ward', name: 'Ward 3' },
      { resourceType: 'HealthcareService', id: 'service', name: 'Psychiatry' },
      { resourceType: 'Practitioner', id: 'doctor', name: 'Psychiatrist' },
    ];
    const readable = ['Practitioner', 'Location', 'Organization'];
    const left = expected === undefined ? {} : { performer: [{ actor: expected, id: '1' }] };
    expect(closely({ performer: [{ actor: pointer, id: '1' }], contained }, ...readable)).toStrictEqual(task(left));
  });

  it('a pointer does not leave where nobody knows to what, even to a role that may read all', () => {
    const owner = { reference: 'urn:uuid:9c5b94b1-35ad-49bb-b118-8e8fc24abf80', display: 'x' };
    expect(withoutElements(task({ owner }), ['display'], all)).toStrictEqual(task({}));
  });

  it('an address that is none does not leave, whatever is written there', () => {
    const owner = { reference: 'the psychiatry ward', type: 'Location', display: 'Ward 3' };
    expect(withoutElements(task({ owner }), ['display'], all)).toStrictEqual(task({ owner: { display: 'Ward 3' } }));
  });

  it('keeps what only held a list of such pointers, less the list', () => {
    const group = { id: '1', member: [{ reference: 'Device/s' }] };
    expect(closely({ group })).toStrictEqual(task({ group: { id: '1' } }));
  });

  it('a display stays beside its code alone', () => {
    const coding = [{ code: '1', display: 'stays' }, { display: 'goes' }, { code: 1, display: 'goes', id: 'x' }];
    expect(closely({ code: { coding } })).toStrictEqual(task({ code: { coding: [coding[0], { code: 1, id: 'x' }] } }));
  });
});
