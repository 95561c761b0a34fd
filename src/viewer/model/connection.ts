/** How the connection that brings the record stands. */
export type Connection =
  /** `again`: the ids of the sources that are asked again, where the record stands already. */
  | { readonly kind: 'open'; readonly again?: readonly string[] }
  | { readonly kind: 'closed' }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'unreachable' };

/** Why a record is closed for good: nothing of it is left, and only a new launch opens it again. */
export type Ending = 'session-ended' | 'locked' | 'patient-changed' | 'closed' | 'refused';
