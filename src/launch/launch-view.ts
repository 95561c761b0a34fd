import type { LaunchView } from '../fhir/region.ts';
import { object, text, texts } from '../fhir/json.ts';

/** Reads the member `__ohc` of a token response; undefined where it is not what our server sends. */
export function readLaunchView(value: unknown): LaunchView | undefined {
  const view = object(value);
  const role = object(view?.['role']);
  const organisation = object(view?.['organisation']);
  const hostName = text(view?.['hostName']);
  if (view === undefined || hostName === undefined) return undefined;
  return {
    hostName,
    hostOrigins: texts(view['hostOrigins']),
    userName: text(view['userName']) ?? '',
    role: { code: text(role?.['code']) ?? '', title: text(role?.['title']) ?? '' },
    organisation: { ods: text(organisation?.['ods']) ?? '', name: text(organisation?.['name']) ?? '' },
  };
}
