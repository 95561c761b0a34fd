import type { RegionView } from '../src/fhir/region.ts';
import { contributorsOf, neverShownSentence, switchedOffIn, type Config } from './config/config.ts';
import { sourceViewOf } from './federation/source-view.ts';

/** What the viewer may know of the region before any record. */
export function regionView(config: Config): RegionView {
  const { name, test, contacts, notices, idleLockMinutes } = config.region;
  const off = switchedOffIn(config);
  return {
    name,
    test,
    contacts: { pals: contacts.pals, email: contacts.email },
    neverShown: neverShownSentence(config),
    ...(off.length === 0 ? {} : { switchedOff: off.map(({ id: _id, ...rest }) => rest) }),
    idleLockMinutes,
    ...(config.medicines === undefined ? {} : { medicines: true }),
    notices: notices.map(({ section, text, from, until }) => ({
      text,
      from,
      ...(section === undefined ? {} : { section }),
      ...(until === undefined ? {} : { until }),
    })),
    sources: contributorsOf(config).flatMap((source) =>
      source.setting === undefined ? [] : [sourceViewOf(source, source.setting)],
    ),
    viewOnly: config.viewOnly.map(({ ods, name, setting }) => ({
      ods,
      name,
      ...(setting === undefined ? {} : { setting }),
    })),
  };
}
