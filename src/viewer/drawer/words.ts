/** What is said to someone who has found an error in an entry. */
export const report = {
  who: 'Tell the organisation that recorded it: no other can put its record right. Nothing is sent from here.',
  what: (entry: string) => `Give the person’s NHS number, and say which entry: ${entry}.`,
  noContact: 'No contact is known here.',
  team: 'Where nobody there can be reached, phone the records team on',
  orEmail: 'or email',
};
