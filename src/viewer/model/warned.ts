import { sectionIds, type ClinicalRecord, type SectionId, type Warning } from '../../record/record.ts';

/** One warning of a practice, said once, with every section that it is about. */
export type Warned = { readonly warning: Warning; readonly sections: readonly SectionId[] };

/** What practices say may be missing, of the sections given: each of their sentences once, in the order of the sections. */
export function warnedOf(record: ClinicalRecord, sections: readonly SectionId[] = sectionIds): readonly Warned[] {
  const all = new Map<string, { readonly warning: Warning; readonly sections: SectionId[] }>();
  for (const id of sections)
    for (const warning of record.sections[id].warnings) {
      if (!warning.incomplete) continue;
      const key = `${warning.sourceId} ${warning.text}`;
      const known = all.get(key);
      if (known === undefined) all.set(key, { warning, sections: [id] });
      else known.sections.push(id);
    }
  return [...all.values()];
}
