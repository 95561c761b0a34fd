import type { LaunchView } from '../fhir/region.ts';
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
  };
}
