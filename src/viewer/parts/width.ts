import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** The width (px) of the element that the ref is given to, as it is and as it changes; `first` until it was measured. */
export function useWidth<E extends HTMLElement>(first: number): readonly [ref: RefObject<E | null>, width: number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const next = Math.floor(element.getBoundingClientRect().width);
      if (next > 0) setWidth(next);
    };
    measure();
    const size = new ResizeObserver(measure);
    size.observe(element);
    return () => size.disconnect();
  }, []);
  return [ref, width];
}
