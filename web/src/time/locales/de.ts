export default {
  today: 'Heute',
  before: { week: 'Vorige Woche', day: 'Voriger Tag' },
  after: { week: 'Nächste Woche', day: 'Nächster Tag' },
  zone: 'Die Zeiten sind die von {zone}.',
  unreadable: '«{day}» ist kein Tag: Gezeigt wird heute.',
}
