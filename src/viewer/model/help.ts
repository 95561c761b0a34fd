import { useMemo, useState } from 'react';

/** What helps to read the record: a tour of the page, and the list of its keys. */
export type HelpTopic = 'tour' | 'keys';

/** Which help is open, and whether the tour is offered. */
export type Help = {
  readonly open: HelpTopic | undefined;
  /** True until the tour is taken or put off; then never again, since only a first launch offers it. */
  readonly offered: boolean;
  readonly show: (topic: HelpTopic) => void;
  /** Closes what is open, or puts the offer off. */
  readonly close: () => void;
};

/** Help of one opened record. It remembers nothing: who is here for the first time is the server's to know. */
export function useHelp(firstTime: boolean): Help {
  const [open, setOpen] = useState<HelpTopic>();
  const [offered, setOffered] = useState(firstTime);
  return useMemo(
    () => ({
      open,
      offered,
      show: (topic) => {
        setOpen(topic);
        setOffered(false);
      },
      close: () => {
        setOpen(undefined);
        setOffered(false);
      },
    }),
    [open, offered],
  );
}
