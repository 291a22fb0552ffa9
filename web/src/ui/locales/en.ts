export default {
  close: 'Close',
  undo: 'Undo',
  create: 'Create “{name}”',
  message: 'Message',
  messages: 'Messages ({hotkey})',
  timeHint: 'Type a time such as 930, 9:30 or 9.30.',
  cancel: 'Cancel',
  save: 'Save',
  loading: 'Loading…',
  again: 'Try again',
}
