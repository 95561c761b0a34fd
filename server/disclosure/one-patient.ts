import { isObject, objects } from '../../src/fhir/json.ts';
import { isMasked, masked } from '../../src/fhir/masked.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { SourceAnswer } from '../federation/answer.ts';

type Contact = SourceAnswer['contacts'][number];

/** One element as it is compared: a source that repeats what is known adds nothing. */
function key({ element, value }: Contact): string {
  const { extension: _extension, id: _id, period: _period, ...rest } = isObject(value) ? value : {};
  return `${element} ${JSON.stringify(rest).toLowerCase().replaceAll(/[\s,]/g, '')}`;
}

/**
 * The one Patient of the record: the demographics service's, with the addresses, telecoms and languages of the sources
 * beside its own, each with an extension that names who gave it. Names, title and gender are its alone (DESIGN.md).
 */
export class OnePatient {
  #patient: Resource;
  readonly #known: Set<string>;
  #grown = false;

  constructor(patient: Resource) {
    this.#patient = patient;
    const elements = ['address', 'telecom', 'communication'] as const;
    this.#known = new Set(
      elements.flatMap((element) => {
        const values: unknown = patient[element];
        return Array.isArray(values) ? values.map((value: unknown) => key({ element, value })) : [];
      }),
    );
  }

  /** The Patient as it is known so far. */
  get resource(): Resource {
    return this.#patient;
  }

  /** True where a source has added something since the Patient was made. */
  get grown(): boolean {
    return this.#grown;
  }

  /** Takes in what a source's own Patient said of contacts. */
  add({ contacts, origin }: Pick<SourceAnswer, 'contacts' | 'origin'>): void {
    for (const contact of contacts) {
      if (!isObject(contact.value)) continue;
      // That one source keeps it to itself does not say that another does.
      if (this.#known.has(key(contact)) && !isMasked(contact.value)) continue;
      this.#known.add(key(contact));
      const before: unknown = this.#patient[contact.element];
      const from = { url: ohc.elementSource, valueString: origin.label };
      const hidden = isMasked(contact.value) ? objects(masked['extension']) : [];
      const named = { ...contact.value, extension: [...hidden, from] };
      this.#patient = {
        ...this.#patient,
        [contact.element]: [...(Array.isArray(before) ? (before as unknown[]) : []), named],
      };
      this.#grown = true;
    }
  }
}
