export default {
  today: 'Today',
  before: { week: 'Week before', day: 'Day before' },
  after: { week: 'Next week', day: 'Next day' },
  zone: 'Times are those of {zone}.',
  unreadable: '“{day}” is no day: today is shown.',
}
