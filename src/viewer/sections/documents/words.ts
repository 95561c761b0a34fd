/** What is said in the tree of documents; loaded with it. */
export const documentTree = {
  label: 'Documents',
  tools: 'Order and filter the documents',
  groupedBy: 'Group by',
  by: { date: 'Date', organisation: 'Organisation', type: 'Type', specialty: 'Specialty' },
  unsaid: {
    date: 'No date',
    organisation: 'Organisation not recorded',
    type: 'Type not recorded',
    specialty: 'Specialty not recorded',
  },
  titles: 'Filter by words in the title',
  onlyUnread: 'Only unread',
  unread: 'unread',
  opened: (time: string) => `Opened ${time}`,
  counts: (shown: number, all: number, opened: number) =>
    `${shown < all ? `${shown.toLocaleString('en-GB')} of ` : ''}${all.toLocaleString('en-GB')} ${all === 1 ? 'document' : 'documents'}, newest first; ${
      opened === 0 ? 'none opened yet' : `${opened.toLocaleString('en-GB')} opened`
    } since this record was opened`,
  hidden: (n: number) =>
    `${n.toLocaleString('en-GB')} ${n === 1 ? 'document is' : 'documents are'} hidden by the filters above.`,
  removeFilter: 'Show all',
  legend:
    'Bold: not opened since this record was opened. What you opened on other days is not kept; what came since you last looked is marked New.',
  expandAll: 'Expand all',
  collapseAll: 'Collapse all',
};
