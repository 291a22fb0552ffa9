export default {
  title: 'Calendar',
  view: 'What is shown',
  week: 'Week',
  day: 'Day',
  sum: 'Total',
  hours: 'Hours of the day',
  addOn: 'Add time on {day}',
  movedTo: '{day}, {start} to {end}',
  future: 'That would lie in the future: time can be entered once it has passed.',
  help: 'Arrow keys go from entry to entry, Enter edits. With Shift the arrow keys move the entry, plus and minus change its length.',
  keys: { view: 'Week or day', next: 'Next entry', before: 'Entry before', move: 'Move the entry by 5 minutes or a day', longer: '5 minutes longer', shorter: '5 minutes shorter' },
}
