export default {
  today: 'Today',
  before: { week: 'Week before', day: 'Day before' },
  after: { week: 'Next week', day: 'Next day' },
}
