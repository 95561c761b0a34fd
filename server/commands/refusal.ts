/** Something is refused: one line for the person at the shell. */
export class Refusal extends Error {}
