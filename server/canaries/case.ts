import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { elementsOf, resourceType, type Element, type ResourceType } from './element.ts';
import { markerOf } from './marker.ts';
import { plant, rootOf } from './plant.ts';
import type { Random } from './random.ts';
import { benign, type CategoryWords } from './vocabulary.ts';

/** One resource of a case, as its source sends it. */
export type Thing = {
  readonly resource: Resource;
  /** Where its entry says what it is; references may use it. */
  readonly fullUrl: string | undefined;
  /** What of it comes through; undefined where nothing of it may. */
  readonly expected: Resource | undefined;
};

/** Something that must not appear, with all that hangs on it, and what stands around it; or its twin, in which nothing is secret. */
export type Case = {
  readonly index: number;
  readonly isTwin: boolean;
  readonly category: string;
  readonly channel: string;
  /** The element that tells, and how it is written there. */
  readonly place: string;
  readonly how: string;
  readonly things: readonly Thing[];
};

/** The person's own Patient at every source, and the base URL that a source's absolute references may have. */
export const patientId = 'p1';
export type Reference = Readonly<Record<string, unknown>>;

const idSystem = 'https://source.example/id';
const person = { reference: `Patient/${patientId}` };
/** Members of a list that are nothing without what they lead to: what stands beside it is about it. */
const entries = /(?:^|\.)(?:item|actor|member|individual|location|itemReference|reference|link|target|manipulated)$/;

/** A resource under way. */
export type Draft = {
  readonly type: ResourceType;
  readonly id: string;
  readonly token: string;
  readonly isGone: boolean;
  fullUrl: string | undefined;
  resource: Resource;
  expected: Resource;
};

/** A case under way: makes its things, and knows which of them may come through. */
export class Drafting {
  readonly random: Random;
  readonly words: CategoryWords;
  readonly base: string;
  private readonly index: number;
  private readonly isTwin: boolean;
  private readonly drafts: Draft[] = [];
  private readonly binaries: Thing[] = [];

  constructor(
    random: Random,
    words: CategoryWords,
    options: { readonly index: number; readonly isTwin: boolean; readonly base: string },
  ) {
    this.random = random;
    this.words = words;
    this.index = options.index;
    this.isTwin = options.isTwin;
    this.base = options.base;
  }

  /** A resource that goes, or (`stays`) one that comes through without what is planted into it as a secret. */
  thing(type: string, fate: 'goes' | 'stays' = 'goes'): Draft {
    const of = resourceType(type);
    const marker = markerOf(this.index, this.drafts.length);
    const isGone = fate === 'goes' && !this.isTwin;
    const token = isGone ? marker : marker.replace('kanari', this.isTwin ? 'equal' : 'plain');
    const id = `${token}-${this.drafts.length}`;
    const own = { system: idSystem, value: token };
    const isSingle = type === 'Composition' || type === 'QuestionnaireResponse';
    const shown: Resource = {
      resourceType: type,
      id,
      meta: {
        versionId: token,
        lastUpdated: '2026-10-02T09:00:00Z',
        profile: [`https://source.example/StructureDefinition/${token}`],
        tag: [{ system: 'https://source.example/tag', code: token }],
      },
      ...(this.random.oneIn(3)
        ? { contained: [{ resourceType: 'Basic', id: 'inside', code: { text: `Of ${token}` } }] }
        : {}),
      extension: [{ url: 'https://source.example/StructureDefinition/of', valueString: `Of ${token}` }],
      identifier: isSingle ? own : [own],
      ...of.base,
    };
    const placed =
      of.about === undefined || of.about === 'target*'
        ? shown
        : plant(shown, of.about, person, of.about === 'participant*.actor' ? { status: 'accepted' } : {});
    // A narrative says it all again; it never comes through as it was, whosever it is.
    const secret = this.isTwin ? token : marker;
    const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">About ${secret}</div>` };
    const fullUrl = this.random.oneIn(2) ? undefined : `urn:uuid:${this.uuid()}`;
    const draft: Draft = { type: of, id, token, isGone, fullUrl, resource: { ...placed, text }, expected: placed };
    this.drafts.push(draft);
    return draft;
  }

  private uuid(): string {
    const hex = (length: number): string => Array.from({ length }, () => this.random.below(16).toString(16)).join('');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${this.isTwin ? 9 : 8}${hex(3)}-${hex(12)}`;
  }

  /** Plants what tells into a resource. Of one that stays it must be cut out; of a twin nothing is. */
  secret(draft: Draft, path: string, value: unknown): void {
    const beside = entries.test(path.replaceAll('*', ''))
      ? {
          extension: [
            { url: 'https://source.example/StructureDefinition/beside', valueString: this.secretToken(draft) },
          ],
        }
      : {};
    draft.resource = plant(draft.resource, path, value, beside);
    if (this.isTwin || draft.isGone) draft.expected = plant(draft.expected, path, value, beside);
  }

  /** Plants what everybody may see. */
  shown(draft: Draft, path: string, value: unknown): void {
    draft.resource = plant(draft.resource, path, value);
    draft.expected = plant(draft.expected, path, value);
  }

  /** What stands in for a secret of this resource: a marker; in a twin a word like any other. */
  secretToken(draft: Draft): string {
    return this.isTwin ? draft.token : draft.token.replace('plain', 'kanari');
  }

  /** A Reference to a resource, in one of the ways in which sources write it. */
  referenceTo(to: Draft): Reference {
    const name = `${to.type.type}/${to.id}`;
    const display = this.random.oneIn(3) ? {} : { display: `Of ${to.token}` };
    const typed = this.random.oneIn(4) ? { type: to.type.type } : {};
    const identifier = this.random.oneIn(6) ? { identifier: { system: idSystem, value: to.token } } : {};
    const written = this.random.of<readonly [string, string]>([
      ['relative', name],
      ['relative', name],
      ['versioned', `${name}/_history/3`],
      ['absolute', `${this.base}/${name}`],
      ['absolute, versioned', `${this.base}/${name}/_history/3`],
      ['urn', to.fullUrl ?? name],
    ]);
    return { reference: written[1], ...typed, ...identifier, ...display };
  }

  /** A Reference that names a resource by its identifier alone. */
  logicalTo(to: Draft): Reference {
    return { identifier: { system: idSystem, value: to.token }, display: `Of ${to.token}` };
  }

  /** Makes a resource lead to another in this element. */
  link(from: Draft, element: Pick<Element, 'path'>, to: Draft, logical = false): void {
    const reference = logical ? this.logicalTo(to) : this.referenceTo(to);
    if (from.isGone === to.isGone || from.isGone) this.shown(from, element.path, reference);
    else this.secret(from, element.path, reference);
  }

  /** A listed code with its display, also beside another. */
  concept(token: string): { readonly how: string; readonly coding: Reference; readonly concept: Reference } {
    const of = this.random.of(this.words.systems);
    const secret = this.words.coded(this.random, of);
    const plain = benign.coded(this.random);
    const { how, ...coding } = this.isTwin ? plain : secret;
    const shown = { ...coding, display: `Of ${token}` };
    const other = { system: system.snomed, code: '404684003', display: 'Clinical finding' };
    const coded = this.random.of<readonly Reference[]>([[shown], [other, shown], [shown, other]]);
    return { how: `${of}, ${how}`, coding: shown, concept: { coding: coded, text: `Of ${token}` } };
  }

  /** What a service is known by. */
  service(token: string, bareIn: boolean): { readonly how: string; readonly concept: Reference } {
    const secret = this.words.service(this.random, bareIn);
    const plain = benign.service(this.random);
    const { how, ...coding } = this.isTwin ? plain : secret;
    return { how, concept: { coding: [{ ...coding, display: `Of ${token}` }] } };
  }

  /** A sentence with words of the category. */
  sentence(token: string): string {
    const secret = this.words.words(this.random);
    const plain = benign.words(this.random);
    return `${this.isTwin ? plain : secret} (${token})`;
  }

  label(token: string): Reference {
    const secret = this.random.of(this.words.labels);
    const plain = benign.label(this.random);
    const code = this.isTwin ? plain : secret;
    const from = code === 'V' || code === 'R' || code === 'N' ? system.confidentiality : system.actCode;
    return { ...(this.random.oneIn(5) ? {} : { system: from }), code, display: `Of ${token}` };
  }

  /** The ODS code of an organisation, or of a site of it. */
  organisation(): string {
    const secret = this.random.of(this.words.organisations);
    const plain = this.random.of(benign.organisations);
    const isSite = this.random.oneIn(3);
    return this.isTwin ? plain : isSite ? `${secret}0A` : secret;
  }

  /** Makes a resource one that goes for its own sake. @returns the element that tells, and how */
  mark(draft: Draft): readonly [place: string, how: string] {
    const element = this.random.of(draft.type.elements.filter(({ kind }) => kind === 'concept'));
    const { how, concept, coding } = this.concept(draft.token);
    this.shown(draft, element.path, element.path.endsWith('valueCoding') ? coding : concept);
    return [`${draft.type.type}.${element.path}`, how];
  }

  /** The same, where an element is kept for something else. */
  markWithin(draft: Draft, kept: string): void {
    const element = this.random.of(
      draft.type.elements.filter(
        ({ kind, path }) => rootOf(path) !== rootOf(kept) && (kind === 'concept' || kind === 'words'),
      ),
    );
    if (element.kind === 'words')
      this.shown(draft, 'extension*', { url: 'urn:told', valueCodeableConcept: this.concept(draft.token).concept });
    else
      this.shown(
        draft,
        element.path,
        this.concept(draft.token)[element.path.endsWith('Coding') ? 'coding' : 'concept'],
      );
  }

  /** What a narrative says besides. */
  narrative(draft: Draft, words: string): void {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><p>${words}</p></div>`;
    draft.resource = { ...draft.resource, text: { status: 'generated', div } };
  }

  /** Something that tells within a resource, which leads to it. */
  contain(draft: Draft, type: string, path: string, as: 'secret' | 'shown'): void {
    const token = as === 'shown' ? draft.token : this.secretToken(draft);
    const of = resourceType(type);
    const element = this.random.of(of.elements.filter(({ kind }) => kind === 'concept'));
    const { concept, coding } = this.concept(token);
    const id = `in-${token}`;
    const bare: Resource = { resourceType: type, id, ...of.base };
    const inner = plant(bare, element.path, element.path.endsWith('Coding') ? coding : concept);
    const reference = { reference: `#${id}`, display: `Of ${token}` };
    this[as](draft, 'contained*', inner);
    this[as](draft, path, reference);
  }

  /** The document of a resource, as a Binary beside it. @returns its id */
  binary(holder: Draft, contentType: string, data: string): string {
    const id = `${holder.token}-document`;
    const resource: Resource = { resourceType: 'Binary', id, contentType, data };
    this.binaries.push({ resource, fullUrl: undefined, expected: holder.isGone ? undefined : resource });
    return id;
  }

  /** A reference into a national directory, whose address ends in an ODS code. */
  directory(draft: Draft, path: string, ods: string): void {
    const display = `Of ${draft.token}`;
    const identifier = { system: system.odsOrganisation, value: ods };
    draft.resource = plant(draft.resource, path, {
      reference: `https://directory.example/STU3/Organization/${ods}`,
      display,
    });
    // The address leads out of the record: what is left of it is the code.
    draft.expected = plant(draft.expected, path, { display, identifier });
  }

  /** A resource of the person's that stays and leads to another, which would else be nobody's. */
  pointerAt(to: Draft): readonly [place: string, from: Draft] {
    const fitting = elementsOf('point').filter(
      ({ of, element }) => of.about !== undefined && of.about !== 'target*' && element.targets.includes(to.type.type),
    );
    if (fitting.length === 0 || this.random.oneIn(8)) {
      const from = this.thing(this.random.of(['Observation', 'Condition', 'CarePlan']), 'stays');
      this.link(from, { path: 'extension*.valueReference' }, to);
      return [`${from.type.type}.extension`, from];
    }
    const { of, element } = this.random.of(fitting);
    const from = this.thing(of.type, 'stays');
    this.link(from, element, to);
    return [`${of.type}.${element.path}`, from];
  }

  /** The case, its resources filled up with what everybody may see. */
  done(said: Pick<Case, 'channel' | 'place' | 'how'>): Case {
    for (const draft of this.drafts) this.fillUp(draft);
    return {
      ...said,
      index: this.index,
      isTwin: this.isTwin,
      category: this.words.id,
      things: [
        ...this.drafts.map(({ resource, fullUrl, expected, isGone }) => ({
          resource,
          fullUrl,
          expected: isGone ? undefined : expected,
        })),
        ...this.binaries,
      ],
    };
  }

  private fillUp(draft: Draft): void {
    const free = draft.type.elements.filter(
      ({ path, kind }) =>
        (kind === 'concept' || kind === 'words' || kind === 'remark') && draft.resource[rootOf(path)] === undefined,
    );
    const taken = new Set<string>();
    for (const { path, kind } of this.random.some(free, 2)) {
      if (taken.has(rootOf(path))) continue;
      taken.add(rootOf(path));
      const { how: _how, ...coding } = benign.coded(this.random);
      const words = benign.words(this.random);
      if (kind === 'concept') this.shown(draft, path, path.endsWith('valueCoding') ? coding : { coding: [coding] });
      else this.shown(draft, path, words);
    }
  }
}
