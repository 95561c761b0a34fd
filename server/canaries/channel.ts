import { system } from '../../src/fhir/systems.ts';
import type { Draft, Drafting } from './case.ts';
import { documentKinds, scan, type DocumentBytes, type DocumentKind } from './document.ts';
import { elementsOf, resourceType, resourceTypes, serviceTypes } from './element.ts';
import type { CategoryWords } from './vocabulary.ts';

/** A way in which something can tell, and a case of it. */
export type Channel = {
  readonly name: string;
  /** False where the category has nothing that could stand there. */
  readonly isKnownBy: (words: CategoryWords) => boolean;
  readonly draft: (drafting: Drafting) => readonly [place: string, how: string];
};

const always = (): boolean => true;
const byWords = (words: CategoryWords): boolean => words.hasWords;
const allergy = 'AllergyIntolerance';
const concepts = elementsOf('concept').filter(({ of, element }) => of.type !== allergy || element.path === 'code');
const codings = elementsOf('coding');
const saying = elementsOf('words');
const sayingConcepts = concepts.filter(({ of, element }) => of.type !== allergy && !element.path.endsWith('Coding'));
const remarks = elementsOf('remark');
const hanging = elementsOf('hang');
const made = elementsOf('made');
const pointing = elementsOf('point').filter(({ of }) => of.about !== undefined && of.about !== 'target*');
const services = elementsOf('service');
const documents = elementsOf('document');
const labelled = resourceTypes.map((one) => one.type);
const medicineLists =
  /^(?:List\.entry|Composition\.section|CarePlan\.(?:activity|goal|careTeam|addresses)|CareTeam\.participant|Goal\.addresses)/;
const listing = pointing.filter(({ of, element }) => medicineLists.test(`${of.type}.${element.path}`));

/** Whoever is nobody's by nature is of the person's record only where something of theirs leads there. */
function ownedBy(drafting: Drafting, draft: Draft): void {
  if (draft.type.about === undefined) drafting.pointerAt(draft);
  if (draft.type.type === 'Provenance') drafting.link(draft, { path: 'target*' }, drafting.thing('Condition', 'stays'));
}

/** One more thing of the person's leads to it, so that it must be seen that nothing does any more. */
function pointedAt(drafting: Drafting, draft: Draft): void {
  if (draft.type.about === undefined || drafting.random.oneIn(2)) drafting.pointerAt(draft);
}

function bySign(
  drafting: Drafting,
  from: readonly { readonly of: { readonly type: string }; readonly element: { readonly path: string } }[],
  write: (draft: Draft, path: string) => string,
): readonly [string, string] {
  const { of, element } = drafting.random.of(from);
  const draft = drafting.thing(of.type);
  const how = write(draft, element.path);
  ownedBy(drafting, draft);
  if (of.type !== 'Provenance') pointedAt(drafting, draft);
  return [`${of.type}.${element.path}`, how];
}

/** The person's thing that an excluded one is, of a type that can be hung on. */
const wholes = [...new Set(hanging.flatMap(({ element }) => element.targets))].filter((type) => type !== 'Substance');

const hangingExtensions = [
  ['http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter', 'Encounter'],
  ['http://hl7.org/fhir/StructureDefinition/event-basedOn', 'ServiceRequest'],
  ['http://hl7.org/fhir/StructureDefinition/event-partOf', 'Procedure'],
  ['http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare', 'EpisodeOfCare'],
] as const;

/** Parts of parts, each of which goes with the one before it. @returns the last element */
function hangFrom(drafting: Drafting, whole: Draft, depth: number, logical: boolean): string {
  const { random } = drafting;
  let last = whole;
  let place = '';
  for (let step = 0; step < depth; step += 1) {
    const own = hangingExtensions.find(([, type]) => type === last.type.type);
    if (own !== undefined && !logical && random.oneIn(6)) {
      const part = drafting.thing(random.of(['Observation', 'Condition', 'DocumentReference', 'Flag']));
      drafting.shown(part, 'extension*', { url: own[0], valueReference: drafting.referenceTo(last) });
      place = `${part.type.type}.extension`;
      last = part;
      continue;
    }
    const fitting = hanging.filter(({ element }) => element.targets.includes(last.type.type));
    if (fitting.length === 0) break;
    const { of, element } = random.of(fitting);
    const part = drafting.thing(of.type);
    drafting.link(part, element, last, logical);
    place = `${of.type}.${element.path}`;
    last = part;
  }
  pointedAt(drafting, last);
  return place;
}

/** A service, place, team or role of the category, by whatever tells it. */
function serviceOf(drafting: Drafting): readonly [draft: Draft, how: string] {
  const { random, words } = drafting;
  const ways = [
    ...(words.hasServices ? (['HealthcareService', 'PractitionerRole', 'Location'] as const) : []),
    ...(words.organisations.length > 0 ? (['Organization'] as const) : []),
    ...(words.hasWords ? (['CareTeam', 'Location', 'Organization', 'HealthcareService'] as const) : []),
  ];
  const type = random.of(ways);
  const draft = drafting.thing(type);
  if (type === 'Organization' && words.organisations.length > 0) {
    drafting.shown(draft, 'identifier*', {
      system: random.of([system.odsOrganisation, system.odsSite]),
      value: drafting.organisation(),
    });
    return [draft, 'an ODS code'];
  }
  if (words.hasServices && (type === 'HealthcareService' || type === 'PractitionerRole')) {
    const { how, concept } = drafting.service(draft.token, true);
    drafting.shown(draft, 'specialty*', concept);
    return [draft, how];
  }
  if (words.hasServices && type === 'Location' && (!words.hasWords || random.oneIn(2))) {
    const { how, concept } = drafting.service(draft.token, false);
    drafting.shown(draft, 'type*', concept);
    return [draft, how];
  }
  drafting.shown(draft, 'name', drafting.sentence(draft.token));
  return [draft, 'its name'];
}

/** A document, with what tells in its words, and the attachment that holds it or leads to it. */
function attach(drafting: Drafting, holder: Draft, path: string): string {
  const { random } = drafting;
  // A PDF is read in a thread of its own, and costs as much as all the others together.
  const kind: DocumentKind = random.oneIn(24)
    ? 'PDF'
    : random.of(['text', 'text in UTF-16', 'HTML', 'RTF', 'text called something else'] as const);
  const filling = random.oneIn(5)
    ? Array.from({ length: 160 }, () => 'The person was seen and all was well, as it was before.')
    : [];
  const lines = ['Dear colleague', ...filling, drafting.sentence(holder.token), 'Yours sincerely'];
  return `${kind}, ${hold(drafting, holder, path, documentKinds[kind](lines))}`;
}

function hold(drafting: Drafting, holder: Draft, path: string, { contentType, bytes }: DocumentBytes): string {
  const data = bytes.toString('base64');
  if (!drafting.random.oneIn(3)) {
    drafting.shown(holder, path, { contentType, data, title: `Letter ${holder.token}` });
    return 'inline';
  }
  const binary = drafting.binary(holder, contentType, data);
  drafting.shown(holder, path, { contentType, url: `Binary/${binary}`, title: `Letter ${holder.token}` });
  return 'as a Binary';
}

const told = 'https://source.example/StructureDefinition/told';

/** Every way in which a thing can tell. Each drafts the canary and, where nothing is secret, its twin of the same shape. */
export const channels: readonly Channel[] = [
  {
    name: 'code',
    isKnownBy: always,
    draft: (drafting) =>
      drafting.random.oneIn(12)
        ? bySign(
            drafting,
            labelled
              .filter((type) => type !== allergy)
              .map((type) => ({ of: { type }, element: { path: 'meta.tag*' } })),
            (draft, path) => {
              const { how, coding } = drafting.concept(draft.token);
              drafting.shown(draft, path, coding);
              return how;
            },
          )
        : bySign(drafting, drafting.random.oneIn(15) ? codings : concepts, (draft, path) => {
            const { how, concept, coding } = drafting.concept(draft.token);
            const isCoding =
              path.endsWith('Coding') || codings.some((one) => one.of === draft.type && one.element.path === path);
            drafting.shown(draft, path, isCoding ? coding : concept);
            return how;
          }),
  },
  {
    name: 'display',
    isKnownBy: byWords,
    draft: (drafting) =>
      bySign(drafting, sayingConcepts, (draft, path) => {
        const display = drafting.sentence(draft.token);
        drafting.shown(draft, path, { coding: [{ system: 'https://source.example/codes', code: 'L1', display }] });
        return 'words';
      }),
  },
  {
    name: 'concept text',
    isKnownBy: byWords,
    draft: (drafting) =>
      bySign(drafting, sayingConcepts, (draft, path) => {
        drafting.shown(draft, path, { text: drafting.sentence(draft.token) });
        return 'words';
      }),
  },
  {
    name: 'words',
    isKnownBy: byWords,
    draft: (drafting) =>
      bySign(drafting, saying, (draft, path) => {
        drafting.shown(draft, path, drafting.sentence(draft.token));
        return 'words';
      }),
  },
  {
    name: 'service type or specialty',
    isKnownBy: (words) => words.hasServices,
    draft: (drafting) =>
      bySign(drafting, services, (draft, path) => {
        const { how, concept } = drafting.service(draft.token, true);
        drafting.shown(draft, path, concept);
        return how;
      }),
  },
  {
    name: 'organisation code',
    isKnownBy: (words) => words.organisations.length > 0,
    draft: (drafting) =>
      bySign(
        drafting,
        made.filter(({ element }) => element.targets.includes('Organization')),
        (draft, path) => {
          const ods = drafting.organisation();
          if (drafting.random.oneIn(2)) {
            drafting.shown(draft, path, {
              identifier: { system: system.odsOrganisation, value: ods },
              display: `Of ${draft.token}`,
            });
            return 'an identifier';
          }
          drafting.directory(draft, path, ods);
          return 'a directory’s address';
        },
      ),
  },
  {
    name: 'security label',
    isKnownBy: (words) => words.labels.length > 0,
    draft: (drafting) => {
      const type = drafting.random.of(labelled);
      const path = type === 'DocumentReference' && drafting.random.oneIn(2) ? 'securityLabel*' : 'meta.security*';
      return bySign(drafting, [{ of: { type }, element: { path } }], (draft) => {
        const label = drafting.label(draft.token);
        drafting.shown(draft, path, path === 'securityLabel*' ? { coding: [label] } : label);
        return String(label['code']);
      });
    },
  },
  {
    name: 'extension',
    isKnownBy: byWords,
    draft: (drafting) =>
      bySign(
        drafting,
        labelled.filter((type) => type !== allergy).map((type) => ({ of: { type }, element: { path: 'extension' } })),
        (draft) => {
          const { concept, coding } = drafting.concept(draft.token);
          const sentence = drafting.sentence(draft.token);
          const value = drafting.random.of<readonly [string, object]>([
            ['valueString', { valueString: sentence }],
            ['valueMarkdown', { valueMarkdown: sentence }],
            ['valueCodeableConcept', { valueCodeableConcept: concept }],
            ['valueCoding', { valueCoding: coding }],
          ]);
          const extension = { url: told, ...value[1] };
          const at = drafting.random.of<readonly [string, string, unknown]>([
            ['at the root', 'extension*', extension],
            ['within another', 'extension*', { url: told, extension: [{ url: 'part', ...value[1] }] }],
            ['that modifies', 'modifierExtension*', extension],
            ['of a primitive', '_language', { extension: [extension] }],
            ['of a concept', 'note2*.code', { text: 'Asthma', extension: [extension] }],
          ]);
          drafting.shown(draft, at[1], at[2]);
          return `${at[0]}, ${value[0]}`;
        },
      ),
  },
  {
    name: 'hangs on it',
    isKnownBy: always,
    draft: (drafting) => {
      const whole = drafting.thing(drafting.random.of(wholes));
      drafting.mark(whole);
      const depth = 1 + drafting.random.below(4);
      const logical = drafting.random.oneIn(5);
      const place = hangFrom(drafting, whole, depth, logical);
      return [place, `${depth} deep${logical ? ', by identifier' : ''}`];
    },
  },
  {
    name: 'made by its service',
    isKnownBy: (words) => words.hasServices || words.organisations.length > 0 || words.hasWords,
    draft: (drafting) => {
      const { random } = drafting;
      const [service, how] = serviceOf(drafting);
      let maker = service;
      if (random.oneIn(3)) {
        const fitting = [...made, ...hanging].filter(
          ({ of, element }) => serviceTypes.includes(of.type) && element.targets.includes(maker.type.type),
        );
        if (fitting.length > 0) {
          const { of, element } = random.of(fitting);
          const inner = drafting.thing(of.type);
          drafting.link(inner, element, maker);
          maker = inner;
        }
      }
      const { of, element } = random.of(
        made.filter(
          (one) =>
            one.of.about !== undefined && one.of.type !== 'Provenance' && one.element.targets.includes(maker.type.type),
        ),
      );
      const thing = drafting.thing(of.type);
      drafting.link(thing, element, maker);
      if (random.oneIn(2)) hangFrom(drafting, thing, 1, false);
      else pointedAt(drafting, thing);
      return [`${of.type}.${element.path}`, how];
    },
  },
  {
    name: 'part of its report or result',
    isKnownBy: always,
    draft: (drafting) => {
      const { random } = drafting;
      const report = drafting.thing(random.of(['DiagnosticReport', 'Observation']));
      drafting.mark(report);
      let whole = report;
      let place = '';
      for (let depth = 1 + random.below(3); depth > 0; depth -= 1) {
        const fitting = whole.type.elements.filter(({ kind }) => kind === 'down');
        if (fitting.length === 0) break;
        const element = random.of(fitting);
        const part = drafting.thing(random.of(element.targets));
        drafting.link(whole, element, part);
        place = `${whole.type.type}.${element.path}`;
        whole = part;
      }
      pointedAt(drafting, whole);
      return [place, 'by the whole’s own reference'];
    },
  },
  {
    name: 'reference to it',
    isKnownBy: always,
    draft: (drafting) => {
      const { random } = drafting;
      const { of, element } = random.of(pointing);
      const gone = drafting.thing(random.of(element.targets));
      drafting.mark(gone);
      const from = drafting.thing(of.type, 'stays');
      const logical = random.oneIn(4);
      drafting.link(from, element, gone, logical);
      if (gone.type.about === undefined && logical) drafting.pointerAt(gone);
      if (gone.type.type === 'Provenance') drafting.link(gone, { path: 'target*' }, from);
      return [`${of.type}.${element.path}`, logical ? 'by identifier' : 'by a literal reference'];
    },
  },
  {
    name: 'entry of a list, plan or section',
    isKnownBy: always,
    draft: (drafting) => {
      const { of, element } = drafting.random.of(listing);
      const gone = drafting.thing(drafting.random.of(element.targets));
      drafting.mark(gone);
      const list = drafting.thing(of.type, 'stays');
      if (drafting.random.oneIn(2)) drafting.link(list, element, drafting.thing(gone.type.type, 'stays'));
      drafting.link(list, element, gone);
      return [`${of.type}.${element.path}`, 'by a literal reference'];
    },
  },
  {
    name: 'name of a reference',
    isKnownBy: byWords,
    draft: (drafting) => {
      const { random } = drafting;
      if (random.oneIn(2)) {
        const { of, element } = random.of(pointing.filter(({ element }) => element.path !== 'participant*.actor'));
        const from = drafting.thing(of.type, 'stays');
        drafting.secret(from, element.path, { display: drafting.sentence(drafting.secretToken(from)) });
        return [`${of.type}.${element.path}`, 'that merely points'];
      }
      const { of, element } = random.of(
        [...hanging, ...made].filter(({ of }) => of.about !== undefined && of.about !== 'target*'),
      );
      const thing = drafting.thing(of.type);
      drafting.shown(thing, element.path, { display: drafting.sentence(thing.token) });
      pointedAt(drafting, thing);
      return [`${of.type}.${element.path}`, 'of whole or maker'];
    },
  },
  {
    name: 'remark',
    isKnownBy: byWords,
    draft: (drafting) => {
      if (drafting.random.oneIn(20)) {
        const note = drafting.thing('Observation');
        drafting.shown(note, 'code', {
          coding: [{ system: system.snomed, code: '37331000000100', display: 'Comment note' }],
        });
        drafting.shown(note, 'note*.text', drafting.sentence(note.token));
        pointedAt(drafting, note);
        return ['Observation.note of a comment note', 'words'];
      }
      const { of, element } = drafting.random.of(remarks);
      const thing = drafting.thing(of.type, 'stays');
      drafting.secret(thing, element.path, drafting.sentence(drafting.secretToken(thing)));
      ownedBy(drafting, thing);
      return [`${of.type}.${element.path}`, 'words'];
    },
  },
  {
    name: 'narrative',
    isKnownBy: byWords,
    draft: (drafting) => {
      const thing = drafting.thing(drafting.random.of(labelled), 'stays');
      drafting.narrative(thing, drafting.sentence(drafting.secretToken(thing)));
      ownedBy(drafting, thing);
      return [`${thing.type.type}.text`, 'words'];
    },
  },
  {
    name: 'contained',
    isKnownBy: always,
    draft: (drafting) => {
      const { random } = drafting;
      if (random.oneIn(2)) {
        const { of, element } = random.of(hanging.filter(({ of }) => of.about !== undefined));
        const thing = drafting.thing(of.type);
        drafting.contain(thing, random.of(element.targets), element.path, 'shown');
        pointedAt(drafting, thing);
        return [`${of.type}.${element.path}`, 'that it hangs on'];
      }
      const { of, element } = random.of(
        pointing.filter(({ of, element }) => of.type !== allergy && !element.targets.includes('Provenance')),
      );
      const thing = drafting.thing(of.type, 'stays');
      drafting.contain(thing, random.of(element.targets), element.path, 'secret');
      return [`${of.type}.${element.path}`, 'that it points at'];
    },
  },
  {
    name: 'provenance',
    isKnownBy: always,
    draft: (drafting) => {
      const { random } = drafting;
      const gone = drafting.thing(random.of(['Condition', 'Procedure', 'Observation', 'DocumentReference']));
      drafting.mark(gone);
      const isMixed = random.oneIn(2);
      const provenance = drafting.thing('Provenance', isMixed ? 'stays' : 'goes');
      if (isMixed) drafting.link(provenance, { path: 'target*' }, drafting.thing('Condition', 'stays'));
      drafting.link(provenance, { path: 'target*' }, gone);
      return ['Provenance.target', isMixed ? 'with something else' : 'alone'];
    },
  },
  {
    name: 'led to by it alone',
    isKnownBy: always,
    draft: (drafting) => {
      const { random } = drafting;
      const { of, element } = random.of(
        [...pointing, ...made.filter((one) => one.of.about !== undefined && one.of.about !== 'target*')].filter(
          (one) =>
            one.of.type !== allergy && one.element.targets.some((type) => resourceType(type).about === undefined),
        ),
      );
      const whole = drafting.thing(of.type);
      drafting.markWithin(whole, element.path);
      const alone = drafting.thing(random.of(element.targets.filter((type) => resourceType(type).about === undefined)));
      drafting.link(whole, element, alone);
      return [`${of.type}.${element.path}`, 'a supporting resource'];
    },
  },
  {
    name: 'document',
    isKnownBy: byWords,
    draft: (drafting) => {
      const { of, element } = drafting.random.of(documents);
      const holder = drafting.thing(of.type);
      const how = attach(drafting, holder, element.path);
      if (drafting.random.oneIn(4)) hangFrom(drafting, holder, 1, false);
      else pointedAt(drafting, holder);
      return [`${of.type}.${element.path}`, how];
    },
  },
  {
    name: 'scan from its service',
    isKnownBy: (words) => words.hasServices,
    draft: (drafting) => {
      const holder = drafting.thing('DocumentReference');
      const { how, concept } = drafting.service(holder.token, true);
      drafting.shown(holder, 'context.practiceSetting', concept);
      hold(drafting, holder, 'content*.attachment', scan(holder.token));
      pointedAt(drafting, holder);
      return ['DocumentReference.content.attachment', how];
    },
  },
  {
    name: 'allergy that stays',
    isKnownBy: always,
    draft: (drafting) => {
      const { random, words } = drafting;
      const thing = drafting.thing(allergy, 'stays');
      drafting.shown(thing, 'code', {
        coding: [{ system: system.snomed, code: '91936005', display: 'Allergy to penicillin' }],
      });
      const ways = [
        'encounter',
        'recorder',
        ...(words.hasWords ? ['note*.text', 'extension*', 'reaction*.description'] : []),
      ];
      const path = random.of(ways);
      if (path === 'encounter') {
        const encounter = drafting.thing('Encounter');
        drafting.mark(encounter);
        drafting.link(thing, { path }, encounter);
      } else if (path === 'recorder') {
        const role = drafting.thing('PractitionerRole');
        drafting.mark(role);
        drafting.link(thing, { path }, role);
      } else {
        const sentence = drafting.sentence(drafting.secretToken(thing));
        drafting.secret(thing, path, path === 'extension*' ? { url: told, valueString: sentence } : sentence);
      }
      return [`${allergy}.${path}`, 'all but what tells'];
    },
  },
];
