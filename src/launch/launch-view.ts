import type { LaunchView, SourceView } from '../fhir/region.ts';
import { dataClasses, settings } from '../fhir/status.ts';
import { object, text, texts } from '../fhir/json.ts';
import { bodyOf } from '../fhir/registration-body.ts';

function roleOf(value: unknown): { readonly code: string; readonly title: string } {
  const role = object(value);
  return { code: text(role?.['code']) ?? '', title: text(role?.['title']) ?? '' };
}

function messagingOf(value: unknown): LaunchView['messaging'] {
  const origin = text(object(value)?.['origin']);
  const handle = text(object(value)?.['handle']);
  return origin === undefined || handle === undefined ? undefined : { origin, handle };
}

function ownOf(value: unknown): NonNullable<LaunchView['own']> {
  const own = object(value);
  const said = texts(own?.['said']);
  return {
    said: (['name', 'registration'] as const).filter((one) => said.includes(one)),
    bodies: texts(own?.['bodies'])
      .map(bodyOf)
      .filter((body) => body !== undefined),
  };
}

/** Reads the member `__ohc` of a token response; undefined where it is not what our server sends. */
export function readLaunchView(value: unknown): LaunchView | undefined {
  const view = object(value);
  const organisation = object(view?.['organisation']);
  const hostName = text(view?.['hostName']);
  if (view === undefined || hostName === undefined) return undefined;
  const hostSource = readSourceView(view['hostSource']);
  const messaging = messagingOf(view['messaging']);
  return {
    hostName,
    hostOrigins: texts(view['hostOrigins']),
    userName: text(view['userName']) ?? '',
    role: roleOf(view['role']),
    ...(view['declaredRole'] === undefined ? {} : { declaredRole: roleOf(view['declaredRole']) }),
    organisation: { ods: text(organisation?.['ods']) ?? '', name: text(organisation?.['name']) ?? '' },
    own: ownOf(view['own']),
    ...(messaging === undefined ? {} : { messaging }),
    ...(hostSource === undefined ? {} : { hostSource }),
    ...(view['hostAlone'] === true ? { hostAlone: true } : {}),
    ...(view['firstTime'] === true ? { firstTime: true } : {}),
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
