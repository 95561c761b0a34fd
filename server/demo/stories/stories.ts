import { smith } from './smith.ts';
import type { Story } from './story.ts';

/** The stories of the region, a person each. */
export const stories: readonly Story[] = [smith];
