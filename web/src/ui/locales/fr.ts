export default {
  close: 'Fermer',
  undo: 'Annuler',
  create: 'Créer « {name} »',
  message: 'Message',
  messages: 'Messages ({hotkey})',
  timeHint: 'Tapez une heure, par exemple 930, 9:30 ou 9h30.',
  cancel: 'Annuler',
  save: 'Enregistrer',
  loading: 'Chargement…',
  takeBack: 'Annuler la saisie',
  again: 'Réessayer',
  discard: { question: "Votre saisie n'est pas enregistrée.", yes: 'Abandonner', no: 'Continuer' },
}
