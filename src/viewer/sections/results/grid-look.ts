import { styled } from '@mui/material/styles';

/** Holds a grid that is wider than its place; the date stays in view. */
export const Scroller = styled('div')({ overflowX: 'auto', position: 'relative' });

/** The cumulative grid: figures right-aligned in columns, the latest row larger, the chosen column tinted. */
export const GridTable = styled('table')(({ theme }) => {
  const { palette } = theme.vars;
  return {
    ...theme.typography.body1,
    borderCollapse: 'separate',
    borderSpacing: 0,
    width: '100%',
    '& th, & td': {
      padding: theme.spacing(0, 2.5),
      borderBottom: `1px solid ${palette.divider}`,
      textAlign: 'right',
      verticalAlign: 'middle',
      whiteSpace: 'nowrap',
    },
    '& thead th': {
      verticalAlign: 'bottom',
      padding: theme.spacing(0.5, 1),
      backgroundColor: palette.ohc.sunken,
      borderBottomColor: palette.ohc.control,
    },
    '& th.taken, & th.source, & td.source': { textAlign: 'left', fontWeight: 400 },
    '& th.taken': {
      position: 'sticky',
      left: 0,
      zIndex: 1,
      paddingLeft: theme.spacing(3),
      backgroundColor: palette.background.paper,
    },
    '& thead th.taken': { backgroundColor: palette.ohc.sunken, zIndex: 2 },
    '& thead th.taken, & thead th.source': {
      ...theme.typography.body2,
      fontWeight: 700,
      padding: theme.spacing(0.5, 2.5, 0.5, 3),
    },
    '& thead th.source': { paddingLeft: theme.spacing(2.5) },
    '& .chips': { display: 'flex', gap: 4 },
    '& .word': { ...theme.typography.body2, color: palette.text.secondary, fontWeight: 400, marginLeft: 8 },
    '& .tags': { display: 'inline-flex', gap: 4, marginLeft: 8, verticalAlign: 'middle', flexWrap: 'wrap' },
    '& td .tags': { display: 'flex', justifyContent: 'flex-end', margin: '2px 0 0' },
    // All but the chips, which have their own look.
    '& button:where(:not(.ohc-chip))': {
      font: 'inherit',
      color: 'inherit',
      textAlign: 'inherit',
      padding: theme.spacing(0, 0.5),
      border: 0,
      borderRadius: 2,
      background: 'none',
      cursor: 'pointer',
      minHeight: 24,
      minWidth: 24,
      position: 'relative',
      '&:hover': { backgroundColor: palette.ohc.selected },
      '&:focus-visible': { zIndex: 3 },
    },
    '& thead button': {
      width: '100%',
      padding: theme.spacing(0.5, 1.5),
      '& .name': {
        ...theme.typography.body2,
        fontWeight: 700,
        display: 'block',
        whiteSpace: 'normal',
        minWidth: 64,
        maxWidth: 320,
      },
      // Between words alone, unless one is wider than any name of a test.
      '& .name bdi': { overflowWrap: 'break-word' },
      '& .unit': { ...theme.typography.caption, display: 'block', color: palette.text.secondary },
    },
    '& .value': { display: 'inline-block' },
    '& .value.long': { whiteSpace: 'normal', minWidth: 160, maxWidth: 280, textAlign: 'left' },
    '& .none': { color: palette.text.secondary, padding: theme.spacing(0, 1) },
    '& .out': { color: palette.ohc.status.danger.text },
    '& .mark': { fontSize: '0.6875rem', marginRight: 4 },
    '& .unit': { ...theme.typography.caption, color: palette.text.secondary },
    '& sup': { lineHeight: 0, fontSize: '0.75em' },
    '& tr.latest > *': { borderBottomColor: palette.ohc.control },
    '& tr.latest .value, & tr.latest .when': { fontWeight: 700 },
    '& tr.latest .value': { ...theme.typography.h6 },
    '& [data-chosen="true"]': { backgroundColor: palette.ohc.selected },
    '& thead [data-chosen="true"]': { boxShadow: `inset 0 -3px 0 ${palette.primary.main}` },
    '& tr[data-stay="true"] th.taken': { boxShadow: `inset 3px 0 0 ${palette.ohc.setting.acute}` },
    '& [data-open="true"]': { boxShadow: `inset 0 0 0 2px ${palette.primary.main}` },
    // One fixed column is as much as a telephone can spare.
    [theme.breakpoints.down('sm')]: {
      '& th.taken': { whiteSpace: 'normal', minWidth: 104, maxWidth: 120 },
      // A line of its own: behind the date its letters were parted.
      '& th.taken .word': { display: 'block', marginLeft: 0 },
    },
  };
});

/** A mark and what it means. */
export const Key = styled('span')(({ theme }) => ({
  // Between one and the next the line may break.
  display: 'inline-block',
  marginLeft: theme.spacing(2),
  whiteSpace: 'nowrap',
  color: theme.vars.palette.text.secondary,
  '& span': { fontSize: '0.75rem', color: theme.vars.palette.ohc.status.danger.text },
}));

export const Foot = styled('p')(({ theme }) => ({
  ...theme.typography.body2,
  display: 'flex',
  flexWrap: 'wrap',
  gap: theme.spacing(1, 3),
  padding: theme.spacing(1.5, 3),
  color: theme.vars.palette.text.secondary,
}));
