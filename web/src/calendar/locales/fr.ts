export default {
  title: 'Calendrier',
  view: 'Ce qui est affiché',
  week: 'Semaine',
  day: 'Jour',
  sum: 'Total',
  hours: 'Heures du jour',
  addOn: 'Ajouter du temps, {day}',
  movedTo: '{day}, de {start} à {end}',
  help: "Les flèches vont d'une saisie à l'autre, Entrée modifie. Avec Maj, les flèches déplacent la saisie, plus et moins changent sa durée.",
  keys: {
    view: 'Semaine ou jour',
    next: 'Saisie suivante',
    before: 'Saisie précédente',
    move: "Déplacer la saisie de 5 minutes ou d'un jour",
    longer: '5 minutes de plus',
    shorter: '5 minutes de moins',
  },
}
