export default {
  today: 'Heute',
  before: { week: 'Vorige Woche', day: 'Voriger Tag' },
  after: { week: 'Nächste Woche', day: 'Nächster Tag' },
}
