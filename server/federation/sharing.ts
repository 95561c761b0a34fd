import type { Config } from '../config/config.ts';
import type { SourceAnswer } from './answer.ts';
import { hostSource } from './host-record.ts';

/**
 * Whether a configuration still lets what an answer brought be shown: its source is there and shares, and so does the
 * practice behind it. A host's own record is there as long as the host's entry says that it joins.
 */
export function isShared(
  { sources, hosts }: Pick<Config, 'sources' | 'hosts'>,
  { source, origin }: Pick<SourceAnswer, 'source' | 'origin'>,
): boolean {
  const now = sources.find((one) => one.id === source.id);
  if (now === undefined)
    return hosts.some((host) => host.door === 'smart' && host.recordAsSource && hostSource(host).id === source.id);
  if (!now.sharing) return false;
  return now.kind !== 'gp-connect' || now.practices?.[origin.ods]?.sharing === true;
}

/** Whether a practice is listed among those that share their records here, by its ODS code. */
export function practiceShares({ sources }: Pick<Config, 'sources'>, ods: string): boolean {
  return sources.some(
    (source) => source.kind === 'gp-connect' && source.sharing && source.practices?.[ods]?.sharing === true,
  );
}
