import { expect, test } from 'vitest'
import { askOf, countOf, daysOf, definitionOf, type Filters, filtersOf, filtersOfDefinition, isRange, queryOf, STANDARD, unreadIn } from './filters'

const ID = '1269983b-1c66-54ac-b84f-4b3a401559ab'
const OTHER = '8a88d10c-22a4-553b-a081-94fd2a0de4cf'

const all: Filters[] = [
  STANDARD,
  { span: 'last_year', by: 'client', then: 'month' },
  { span: 'custom', from: '2026-02-01', to: '2026-02-28', by: 'project', then: 'task', project: ID, billable: false },
  { span: 'today', by: 'tag', client: ID, task: OTHER, tag: OTHER, billable: true, user: 'all' },
  { span: 'this_month', by: 'user', user: OTHER },
]

test.each(all)('%j is in the address and comes back from it', (filters) => {
  expect(filtersOf(queryOf(filters))).toEqual(filters)
  expect(filtersOfDefinition(definitionOf(filters))).toEqual(filters)
})

test('the standard needs no words in the address', () => expect(queryOf(STANDARD)).toEqual({}))

test.each([
  [{ span: 'this_century', by: 'colour', then: 'mood' }],
  [{ project: 'x', user: 'bob', billable: 'maybe' }],
  [{ from: '2026-02-30', to: '2026-03-01' }],
  [{ from: '2026-03-02', to: '2026-03-01' }],
  [{ from: '2026-03-02' }],
  [{ from: '2001-01-01', to: '2026-01-01' }],
  [{ then: 'project' }],
])('what makes no sense is left out: %j', (query) => expect(filtersOf(query)).toEqual(STANDARD))

test('what is left out is told', () => {
  expect(unreadIn({ from: '2026-03-02', to: '2026-03-01', by: 'tag' })).toEqual(['from=2026-03-02', 'to=2026-03-01'])
  expect(unreadIn({ from: '2001-01-01', to: '2028-01-01' })).toEqual(['from=2001-01-01', 'to=2028-01-01'])
  expect(unreadIn({ span: 'this_century', project: 'x', billable: 'maybe', q: 'words' })).toEqual(['span=this_century', 'project=x', 'billable=maybe'])
  for (const filters of all) expect(unreadIn(queryOf(filters))).toEqual([])
})

test('the first of several is meant', () => expect(filtersOf({ by: ['tag', 'task'], span: null })).toEqual({ span: 'this_week', by: 'tag' }))

test('a span with a name is kept as such, and asked by its days', () => {
  const filters: Filters = { span: 'last_month', by: 'project', then: 'task', billable: false }
  expect(definitionOf(filters)).toEqual({ span: 'last_month', group_by: ['project', 'task'], billable: false })
  expect(askOf(filters, daysOf(filters, '2026-05-06'))).toEqual({ from: '2026-04-01', to: '2026-04-30', billable: false })
})

test('ten years are the most', () => {
  expect([isRange('2016-01-01', '2025-12-31'), isRange('2015-12-01', '2025-12-31'), isRange('2026-01-01', '')]).toEqual([true, false, false])
})

test('filters are counted, spans and groups are none', () => {
  expect(all.map(countOf)).toEqual([0, 0, 2, 5, 1])
})
