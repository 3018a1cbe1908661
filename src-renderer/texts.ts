/** Texts that several pages share. Texts of one page are in `texts.ts` beside it. */
export const shared = {
  cancel: 'Cancel',
  close: 'Close',
  delete: 'Delete',
  remove: 'Remove',
  save: 'Save',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied',
  copyText: (text: string) => `Copy ${text}`,
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  none: 'none',
  undone: 'Undone.',
  notWritten: (cluster: string) => `Nothing was written to ${cluster}.`,
  typeName: (name: string) => `Type ${name} to confirm`,
  discardTitle: 'Discard what you typed?',
  discard: 'Discard',
  keepEditing: 'Keep editing',
  /** After a sort of error that has no sentence of its own. */
  brokerNotReady: 'The broker is not ready yet. Try again in a moment.',
} as const
