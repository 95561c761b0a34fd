import type { SectionId } from '../../record/record.ts';

/** Sections that count nothing of their own. */
export function isUncounted(id: SectionId): boolean {
  return id === 'overview' || id === 'timeline' || id === 'about';
}
