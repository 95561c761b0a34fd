import SvgIcon, { type SvgIconProps } from '@mui/material/SvgIcon';
import { useTheme } from '@mui/material/styles';
import type { ReactElement } from 'react';
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

/** The mark of a kind of organisation: its shape says the kind, and so does its hue. */
export function SourceShape(props: {
  readonly setting: Setting;
  readonly size?: number;
  /** Given by a chip that holds it. */
  readonly className?: string;
}): ReactElement {
  const { setting, size = 10, className } = props;
  const theme = useTheme();
  return (
    <SvgIcon
      viewBox="0 0 10 10"
      aria-hidden
      {...(className === undefined ? {} : { className })}
      style={{ width: size, height: size, color: theme.vars.palette.ohc.setting[setting] }}
    >
      {paths[setting]}
    </SvgIcon>
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

/** ≠: organisations differ. */
export function DiffersIcon(props: SvgIconProps): ReactElement {
  return (
    <SvgIcon viewBox="0 0 12 12" aria-hidden {...props}>
      <path d="M1 4H11M1 8H11M8.2 1.2 3.8 10.8" fill="none" stroke="currentColor" strokeWidth="1.7" />
    </SvgIcon>
  );
}

/** A filled dot: new. */
export function DotIcon(props: SvgIconProps): ReactElement {
  return (
    <SvgIcon viewBox="0 0 10 10" aria-hidden {...props}>
      <circle cx="5" cy="5" r="3.6" />
    </SvgIcon>
  );
}

/** A crossed circle: not known. */
export function UnknownIcon(props: SvgIconProps): ReactElement {
  return (
    <SvgIcon viewBox="0 0 14 14" aria-hidden {...props}>
      <path
        d="M7 1.2A5.8 5.8 0 1 1 7 12.8 5.8 5.8 0 0 1 7 1.2ZM11.1 2.9 2.9 11.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </SvgIcon>
  );
}
