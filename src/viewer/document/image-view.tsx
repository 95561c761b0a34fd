import { useEffect, useMemo, type ReactElement } from 'react';
import { Paper } from './paper.tsx';
import type { ViewProps } from './shown.ts';

/** A picture, as the browser shows it: in an `img` nothing of it runs, a drawing in SVG included. */
export function ImageView({ bytes, contentType, name, zoom, onShown, onUnshown }: ViewProps): ReactElement {
  const address = useMemo(
    () => URL.createObjectURL(new Blob([bytes], contentType === undefined ? {} : { type: contentType })),
    [bytes, contentType],
  );
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <Paper name={name}>
      <img
        src={address}
        alt={name}
        onLoad={() => onShown({})}
        onError={() => onUnshown('broken')}
        style={{
          display: 'block',
          width: zoom === 1 ? undefined : `${zoom * 100}%`,
          maxWidth: zoom === 1 ? '100%' : 'none',
          backgroundColor: '#fff',
        }}
      />
    </Paper>
  );
}
