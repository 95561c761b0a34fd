import type { CSSProperties, ReactElement, ReactNode } from 'react';
import type { Setting } from '../../fhir/status.ts';

const paths: Readonly<Record<Setting, ReactElement>> = {
  gp: <circle cx="5" cy="5" r="4.6" />,
  acute: <rect x="0.9" y="0.9" width="8.2" height="8.2" rx="0.6" />,
  'mental-community': <path d="M5 0 10 5 5 10 0 5Z" />,
  council: <path d="M5 0.2 9.8 4.3V9.6H0.2V4.3Z" />,
  'continuing-care': <path d="M5 0.5 10 9.5H0Z" />,
  ambulance: <path d="M3.3 0.3H6.7V3.3H9.7V6.7H6.7V9.7H3.3V6.7H0.3V3.3H3.3Z" />,
  'shared-record': <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="2" />,
};

/** A mark beside words, for the eye alone; 24 px unless a style says otherwise. */
function Mark(props: {
  readonly box: number;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}): ReactElement {
  const { box, style, children } = props;
  return (
    <svg className="ohc-mark" viewBox={`0 0 ${box} ${box}`} style={style} aria-hidden focusable="false">
      {children}
    </svg>
  );
}

/** The mark of a kind of organisation: its shape says the kind, and so does its hue. */
export function SourceShape({
  setting,
  size = 10,
}: {
  readonly setting: Setting;
  readonly size?: number;
}): ReactElement {
  const color = `var(--ohc-palette-ohc-setting-${setting})`;
  return (
    <Mark box={10} style={{ width: size, height: size, color }}>
      {paths[setting]}
    </Mark>
  );
}

/** The same mark within a drawing, its middle at `x`, `y` (px). `fill` where its hue says something else than the kind. */
export function DrawnShape(props: {
  readonly setting: Setting;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: string;
}): ReactElement {
  const { setting, x, y, size, fill } = props;
  return (
    <g
      transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 10})`}
      style={{ color: fill }}
      fill="currentColor"
    >
      {paths[setting]}
    </g>
  );
}

type MarkProps = { readonly style?: CSSProperties };

/** ≠: organisations differ. */
export function DiffersIcon(props: MarkProps): ReactElement {
  return (
    <Mark box={12} {...props}>
      <path d="M1 4H11M1 8H11M8.2 1.2 3.8 10.8" fill="none" stroke="currentColor" strokeWidth="1.7" />
    </Mark>
  );
}

/** A filled dot: new. */
export function DotIcon(props: MarkProps): ReactElement {
  return (
    <Mark box={10} {...props}>
      <circle cx="5" cy="5" r="3.6" />
    </Mark>
  );
}

/** A clock: older than usual. */
export function ClockIcon(props: MarkProps): ReactElement {
  return (
    <Mark box={24} {...props}>
      <path d="M11.99 2C6.47 2 2 6.48 2 12s4.47 10 9.99 10C17.52 22 22 17.52 22 12S17.52 2 11.99 2M12 20c-4.42 0-8-3.58-8-8s3.58-8 8-8 8 3.58 8 8-3.58 8-8 8" />
      <path d="M12.5 7H11v6l5.25 3.15.75-1.23-4.5-2.67z" />
    </Mark>
  );
}

/** A cross in a disc, in a chip: pressing it takes the chip away. */
export function RemoveIcon(): ReactElement {
  return (
    <Mark box={24} style={{ width: 16, height: 16, margin: '0 4px 0 -2px' }}>
      <path d="M12 2C6.47 2 2 6.47 2 12s4.47 10 10 10 10-4.47 10-10S17.53 2 12 2m5 13.59L15.59 17 12 13.41 8.41 17 7 15.59 10.59 12 7 8.41 8.41 7 12 10.59 15.59 7 17 8.41 13.41 12z" />
    </Mark>
  );
}

/** A crossed circle: not known. */
export function UnknownIcon(props: MarkProps): ReactElement {
  return (
    <Mark box={14} {...props}>
      <path
        d="M7 1.2A5.8 5.8 0 1 1 7 12.8 5.8 5.8 0 0 1 7 1.2ZM11.1 2.9 2.9 11.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </Mark>
  );
}
