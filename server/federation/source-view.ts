import type { SourceView } from '../../src/fhir/region.ts';
import type { Setting } from '../../src/fhir/status.ts';
import type { Source } from '../config/schema.ts';

/** What the viewer knows of a source before it has answered. */
export function sourceViewOf(source: Source, setting: Setting): SourceView {
  const { id, label, name, ods, contributes, usualDelayHours, sharing, aggregate, contact } = source;
  return {
    id,
    label,
    name,
    ods,
    setting,
    contributes,
    usualDelayHours,
    sharing,
    aggregate,
    ...(contact === undefined ? {} : { contact }),
  };
}
