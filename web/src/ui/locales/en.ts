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
  takeBack: 'Take it back',
  again: 'Try again',
  discard: { question: 'What you typed is not saved.', yes: 'Discard it', no: 'Keep editing' },
}
