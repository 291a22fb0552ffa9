export default {
  title: 'Kalender',
  view: 'Was gezeigt wird',
  week: 'Woche',
  day: 'Tag',
  sum: 'Total',
  hours: 'Stunden des Tages',
  addOn: 'Zeit nachtragen am {day}',
  movedTo: '{day}, {start} bis {end}',
  future: 'Das läge in der Zukunft: Zeit lässt sich eintragen, wenn sie vorbei ist.',
  help: 'Die Pfeiltasten gehen von Eintrag zu Eintrag, die Eingabetaste bearbeitet. Mit der Umschalttaste verschieben die Pfeiltasten den Eintrag, plus und minus ändern seine Dauer.',
  keys: { view: 'Woche oder Tag', next: 'Nächster Eintrag', before: 'Voriger Eintrag', move: 'Den Eintrag um 5 Minuten oder einen Tag verschieben', longer: '5 Minuten länger', shorter: '5 Minuten kürzer' },
}
