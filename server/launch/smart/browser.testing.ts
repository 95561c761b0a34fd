import { viewerOf } from '../../config/config.ts';
import type { LaunchContext } from '../context.ts';
import type { Doors } from '../testing.ts';

/** A browser that follows nothing by itself and keeps its cookies by name. */
export type Browser = ReturnType<typeof openBrowser>;

/** Opens a browser with no cookies. */
export function openBrowser() {
  const jar = new Map<string, string>();
  return {
    jar,
    /** Asks for an address with the cookies it has, and keeps those it is given. */
    get: async (url: string): Promise<Response> => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/max-age=0/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
  };
}

/** The address that an answer sends to. */
export function locationOf(answer: Response): string {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no redirect: ${answer.status}`);
  return location;
}

/** A launch request of a host. */
export function launchUrl(doors: Pick<Doors, 'base'>, iss: string): string {
  return `${doors.base}/launch?${new URLSearchParams({ iss, launch: 'the launch+handle/==' })}`;
}

/** From the host's launch to where its authorization server sends the browser back. */
export async function toCallback(doors: Pick<Doors, 'base'>, iss: string, browser: Browser): Promise<string> {
  const begun = await browser.get(launchUrl(doors, iss));
  return locationOf(await browser.get(locationOf(begun)));
}

/** The whole way, to the answer at the callback. */
export async function launchAt(
  doors: Pick<Doors, 'base'>,
  iss: string,
  browser: Browser = openBrowser(),
): Promise<Response> {
  return browser.get(await toCallback(doors, iss, browser));
}

/** What a user says their name is, where the host does not. */
export const saidName = 'Dr Peter Okafor';

/** The context that a finished launch ended in, through the name-and-role page where it comes. */
export async function contextOf(doors: Doors, answer: Response) {
  const page = answer.status === 200 ? await answer.text() : '';
  const asked = {
    ...(page.includes('name="role"') ? { role: 'R8000' } : {}),
    ...(page.includes('name="name"') ? { name: saidName } : {}),
  };
  const finished = answer.status === 200 ? await doors.fillIn(page, asked) : answer;
  const handle = new URL(locationOf(finished), doors.base).searchParams.get('launch') ?? '';
  const context: LaunchContext = await doors.handles.find(handle, viewerOf(doors.config).clientId);
  return context;
}
