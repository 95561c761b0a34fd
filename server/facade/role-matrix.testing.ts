import type { Config } from '../config/config.ts';
import { idOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { answer, house, session } from '../disclosure/house.testing.ts';
import { entries, openFacade, person, type Answer } from './facade.testing.ts';
import { everyType } from './every-type.testing.ts';
import { servedTypes } from './search/parameter.ts';

/** The ways by which something of a type may leave. */
export const routes = ['$everything', '$everything, NDJSON', 'read', 'search', 'search by POST'] as const;
export type Route = (typeof routes)[number];

/** What a role gets of a type: all of it, some of it (or some of what it says), or nothing. */
export type Share = 'all' | 'part' | 'none';

/** By type, what each route gives; and every text that left, to look for what should not be in it. */
export type RoleRow = {
  readonly shares: ReadonlyMap<string, ReadonlyMap<Route, Share>>;
  readonly texts: readonly string[];
};

function shareOf(given: readonly Resource[], held: readonly Resource[]): Share {
  if (given.length === 0) return 'none';
  const whole = new Set(held.map((one) => JSON.stringify(one)));
  return given.length === held.length && given.every((one) => whole.has(JSON.stringify(one))) ? 'all' : 'part';
}

const lines = (text: string): readonly Resource[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isResource);

/**
 * Asks a facade, in one role, for every type by every route, in a region whose one source holds something of each. The
 * token says `patient/*.rs`, more than any but a clinician may: so it is the facade that holds to the role.
 * @throws where a route refuses in another way than the role's
 */
export async function rowOf(roles: Config['roles'], code: string): Promise<RoleRow> {
  const sent = [...everyType.values()].flat();
  const at = house({ roles, answers: [answer('gp', { practiceConsent: 'answered', resources: sent })] });
  // Narratives are withheld from everyone, before any role.
  const held = Map.groupBy(at.beginWithholding()(sent)(), (one) => one.resourceType);
  const scopes = ['patient/*.rs', 'user/*.cruds'];
  const asRole = { ...session, scopes, context: { ...session.context, role: code } };
  const facade = await openFacade(at, { good: asRole });
  const texts: string[] = [];
  const listen = (answered: Answer): Answer => {
    texts.push(answered.text);
    return answered;
  };
  try {
    const everything = `Patient/${person}/$everything`;
    const bundle = listen(await facade.ask(everything));
    const stream = listen(await facade.ask(everything, { headers: { accept: 'application/fhir+ndjson' } }));
    listen(await facade.ask(`Patient/${person}/$summary`));
    const streamed = stream.status === 200 ? lines(stream.text) : [];
    const shares = new Map<string, ReadonlyMap<Route, Share>>();
    for (const type of servedTypes) {
      const ofType = (all: readonly Resource[]): readonly Resource[] => all.filter((one) => one.resourceType === type);
      // The Patient is nobody's but the demographics service's: whole where it comes at all.
      const whole = type === 'Patient' ? [{ resourceType: 'Patient', id: 'p' }] : (held.get(type) ?? []);
      const ids = type === 'Patient' ? [person] : whole.map((one) => idOf(one) ?? '');
      const reads = await Promise.all(ids.map(async (id) => listen(await facade.ask(`${type}/${id}`))));
      const search = listen(await facade.ask(type));
      const post = listen(await facade.post(type, {}));
      for (const one of [...reads, search, post])
        if (![200, 403, 404].includes(one.status)) throw new Error(`${code} ${type}: ${one.status} ${one.text}`);
      const given: Readonly<Record<Route, readonly Resource[]>> = {
        $everything: ofType(entries(bundle.body)),
        '$everything, NDJSON': ofType(streamed),
        read: reads
          .filter((one) => one.status === 200)
          .map((one) => one.body)
          .filter(isResource),
        search: entries(search.body),
        'search by POST': entries(post.body),
      };
      if (
        given.search.length === 0 &&
        (search.status !== 403 || post.status !== 403 || reads.some((one) => one.status !== 403))
      )
        throw new Error(`${code} ${type}: nothing given, and not refused as out of role`);
      shares.set(type, new Map(routes.map((route) => [route, shareOf(given[route], whole)])));
    }
    return { shares, texts };
  } finally {
    await facade.close();
  }
}
