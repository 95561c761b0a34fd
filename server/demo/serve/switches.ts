import { faultIds, faultOf, type FaultId } from '../../faults/fault.ts';
import { systems } from '../systems.ts';

/** How a system behaves: as it should, slowly, or with one of the faults that a source can have. */
export const switchModes = ['on', 'slow', ...faultIds] as const;
export type SwitchMode = 'on' | 'slow' | FaultId;

/** One system's switch. `ms` counts for `slow` alone (default 5000). */
export type Switch = { readonly mode: SwitchMode; readonly ms?: number };
/** The switches of all systems, by system id (`pds`, `gp`, `uhnm`, …); absent is `on`. */
export type Switches = { readonly [system: string]: Switch };

/** What a mode does, for the page. */
function explained(mode: SwitchMode): string {
  if (mode === 'on') return 'Works';
  if (mode === 'slow') return 'Waits, then answers';
  const { title } = faultOf(mode);
  return `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}

/** Reads switches from JSON; undefined where a system or a mode is unknown. */
export function readSwitches(value: unknown): Switches | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const result: Record<string, Switch> = {};
  for (const [id, one] of Object.entries(value as Record<string, unknown>)) {
    if (!systems.some((system) => system.id === id)) return undefined;
    if (typeof one !== 'object' || one === null) return undefined;
    const { mode, ms } = one as { mode?: unknown; ms?: unknown };
    const known = switchModes.find((candidate) => candidate === mode);
    if (known === undefined) return undefined;
    const wait = typeof ms === 'number' && ms >= 0 && ms <= 120_000 ? { ms } : {};
    result[id] = { mode: known, ...wait };
  }
  return result;
}

/** The page with a form for each system; it works without script. */
export function switchesPage(switches: Switches): string {
  const form = (id: string, name: string): string => {
    const { mode, ms = 5000 } = switches[id] ?? { mode: 'on' as const };
    const options = switchModes
      .map((one) => `<option value="${one}"${one === mode ? ' selected' : ''}>${explained(one)}</option>`)
      .join('');
    return `<tr${mode === 'on' ? '' : ' class="changed"'}><th scope="row">${name}</th><td>
<form method="post" action="/switches"><input type="hidden" name="system" value="${id}">
<label>What it does <select name="mode">${options}</select></label>
<label>Wait, in milliseconds <input name="ms" type="number" min="0" max="120000" value="${ms}"></label>
<button>Set</button></form></td></tr>`;
  };
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switches of the demo region</title>
<style>body{font:16px/1.5 Arial,sans-serif;margin:24px;color:#212b32}table{border-collapse:collapse}th,td{text-align:left;padding:6px 12px;border-bottom:1px solid #d8dde0}
form{display:flex;gap:12px;flex-wrap:wrap;align-items:center}select,input,button{font:inherit;padding:2px 6px}.changed th::after{content:" (changed)";color:#a6180f}</style></head>
<body><h1>Switches of the demo region</h1>
<p>Each source system can be made to misbehave. It takes effect with the next request. All people here are invented.</p>
<table>${systems.map(({ id, name }) => form(id, name)).join('\n')}</table>
<form method="post" action="/switches"><input type="hidden" name="system" value="all"><button>Set all back to work</button></form>
<p><a href="/log.json">What the systems were asked</a></p></body></html>`;
}
