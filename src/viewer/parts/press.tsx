import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';

/** An outlined button with words: 32 high, 28 in the small frame, 40 on a phone. */
export const OutlinedButton = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body1,
  height: 32,
  padding: theme.spacing(0, 2.5),
  gap: theme.spacing(1.5),
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  backgroundColor: theme.vars.palette.background.paper,
  '&:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  [theme.breakpoints.down('lg')]: { height: 28 },
  [theme.breakpoints.down('md')]: { height: 40, minWidth: 40, justifyContent: 'center', padding: 0 },
}));

/** The one thing to do on a page: filled, 40 high. */
export const FilledButton = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.h6,
  height: 40,
  padding: theme.spacing(0, 4),
  borderRadius: theme.shape.borderRadius,
  color: theme.vars.palette.primary.contrastText,
  backgroundColor: theme.vars.palette.primary.main,
}));

/** A button that is a mark alone; it needs an accessible name. */
export const MarkButton = styled(ButtonBase)(({ theme }) => ({
  width: 36,
  height: 36,
  borderRadius: theme.shape.borderRadius,
  '&:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  '&:disabled': { color: theme.vars.palette.divider },
}));

/** Words that do something: blue, underlined, a button underneath. */
export const LinkButton = styled('button')(({ theme }) => ({
  font: 'inherit',
  padding: 0,
  border: 0,
  background: 'none',
  cursor: 'pointer',
  whiteSpace: 'nowrap',
  // Where there is no room for its words in one line, none of them is cut off.
  [theme.breakpoints.down('md')]: { whiteSpace: 'normal', textAlign: 'left' },
  color: theme.vars.palette.primary.main,
  textDecoration: 'underline',
  textUnderlineOffset: 2,
}));
