import type { Audit } from '../audit/entry.ts';
import { switchedOffIn, type Config } from '../config/config.ts';

/**
 * Writes to the audit trail what this configuration switches off, a row a category: by whom, when and why.
 * @throws where a row cannot be written: then the configuration is not to be used
 */
export async function auditSwitchedOff(audit: Audit, config: Pick<Config, 'categories'>): Promise<void> {
  for (const { id, by, on, reason } of switchedOffIn(config))
    await audit.record({
      type: 'administration',
      action: 'E',
      outcome: 'success',
      reason: 'exclusion-switched-off',
      detail: { category: id, by, on, because: reason },
    });
}
