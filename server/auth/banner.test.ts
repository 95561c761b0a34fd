import { expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import type { LaunchContext } from '../launch/context.ts';
import { tokenContext } from './token-context.ts';

const shipped = await loadConfig('smart-config');
const context: LaunchContext = {
  host: shipped.hosts[0]?.id ?? '',
  user: { id: 'u', name: 'U' },
  organisation: { ods: 'RJE', name: 'UHNM' },
  role: 'R8000',
  clientId: 'viewer',
};

it.each([
  { showsBanner: true, said: undefined, needed: false },
  { showsBanner: false, said: undefined, needed: true },
  { showsBanner: true, said: true, needed: true },
  { showsBanner: false, said: false, needed: false },
])(
  'what a host says of one launch ($said) goes before what its entry says of all ($showsBanner) @173',
  ({ showsBanner, said, needed }) => {
    const config = { ...shipped, hosts: shipped.hosts.map((host) => ({ ...host, showsBanner })) };
    const launched = { ...context, ...(said === undefined ? {} : { needsBanner: said }) };
    expect(tokenContext(config, launched, [], () => '').need_patient_banner).toBe(needed);
  },
);
