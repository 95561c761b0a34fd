import { bentley } from './bentley.ts';
import { hussain, jefferies } from './conflicts.ts';
import { cope } from './cope.ts';
import { bagnall, forsyth, shuffle } from './elders.ts';
import { fernyhough } from './fernyhough.ts';
import { hargreaves } from './hargreaves.ts';
import { khalid } from './khalid.ts';
import { nair } from './nair.ts';
import { reeves } from './reeves.ts';
import { colclough, lockett, pritchard, tomlinson, wardle, zielinski } from './refused.ts';
import { smith } from './smith.ts';
import type { Story } from './story.ts';

/** Jack Adeyemi: a record at the practice with nothing in it. */
const adeyemi: Story = { key: 'adeyemi', gp: () => undefined };

/** The stories of the region, a person each. */
export const stories: readonly Story[] = [
  smith,
  nair,
  hargreaves,
  bentley,
  colclough,
  tomlinson,
  wardle,
  pritchard,
  lockett,
  zielinski,
  forsyth,
  bagnall,
  jefferies,
  hussain,
  cope,
  adeyemi,
  shuffle,
  reeves,
  khalid,
  fernyhough,
];
