import type { LaunchView, SourceView } from '../fhir/region.ts';
import { dataClasses, settings } from '../fhir/status.ts';
import { object, text, texts } from '../fhir/json.ts';

/** Reads the member `__ohc` of a token response; undefined where it is not what our server sends. */
export function readLaunchView(value: unknown): LaunchView | undefined {
  const view = object(value);
  const role = object(view?.['role']);
  const organisation = object(view?.['organisation']);
  const hostName = text(view?.['hostName']);
  if (view === undefined || hostName === undefined) return undefined;
  const hostSource = readSourceView(view['hostSource']);
  return {
    hostName,
    hostOrigins: texts(view['hostOrigins']),
    userName: text(view['userName']) ?? '',
    role: { code: text(role?.['code']) ?? '', title: text(role?.['title']) ?? '' },
    organisation: { ods: text(organisation?.['ods']) ?? '', name: text(organisation?.['name']) ?? '' },
    ...(hostSource === undefined ? {} : { hostSource }),
    ...(view['hostAlone'] === true ? { hostAlone: true } : {}),
  };
}

function readSourceView(value: unknown): SourceView | undefined {
  const view = object(value);
  const id = text(view?.['id']);
  const setting = settings.find((one) => one === view?.['setting']);
  if (view === undefined || id === undefined || setting === undefined) return undefined;
  const given = texts(view['contributes']);
  const contact = text(view['contact']);
  return {
    id,
    label: text(view['label']) ?? id,
    name: text(view['name']) ?? id,
    ods: text(view['ods']) ?? '',
    setting,
    contributes: dataClasses.filter((one) => given.includes(one)),
    usualDelayHours: typeof view['usualDelayHours'] === 'number' ? view['usualDelayHours'] : 0,
    sharing: true,
    aggregate: false,
    ...(contact === undefined ? {} : { contact }),
  };
}
