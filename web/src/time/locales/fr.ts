export default {
  today: "Aujourd'hui",
  before: { week: 'Semaine précédente', day: 'Jour précédent' },
  after: { week: 'Semaine suivante', day: 'Jour suivant' },
  zone: 'Les heures sont celles de {zone}.',
  unreadable: "« {day} » n'est pas un jour : voici aujourd'hui.",
}
