export default {
  today: "Aujourd'hui",
  before: { week: 'Semaine précédente', day: 'Jour précédent' },
  after: { week: 'Semaine suivante', day: 'Jour suivant' },
}
