import { createContext, use, useState } from 'react';

/** What the sections remember of how they were left: it goes with the page. */
export const KeptContext = createContext<Map<string, unknown>>(new Map());

/**
 * State that a section finds again when it is opened again: how its list is ordered, what is folded, where it was scrolled to.
 * Each name is used by one caller alone, whose own type it has.
 */
export function useKept<T>(name: string, first: T): readonly [T, (value: T) => void] {
  const kept = use(KeptContext);
  const [value, setValue] = useState<T>(() => (kept.has(name) ? (kept.get(name) as T) : first));
  return [
    value,
    (next) => {
      kept.set(name, next);
      setValue(next);
    },
  ];
}
