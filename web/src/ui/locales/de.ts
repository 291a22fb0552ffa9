export default {
  close: 'Schliessen',
  undo: 'Rückgängig',
  create: '«{name}» anlegen',
  message: 'Meldung',
  messages: 'Meldungen ({hotkey})',
  timeHint: 'Geben Sie eine Zeit ein, etwa 930, 9:30 oder 9.30.',
  cancel: 'Abbrechen',
  save: 'Speichern',
  loading: 'Wird geladen …',
  takeBack: 'Zurücknehmen',
  again: 'Nochmals versuchen',
  discard: { question: 'Ihre Eingabe ist nicht gespeichert.', yes: 'Verwerfen', no: 'Weiter bearbeiten' },
}
