import { expect, test } from 'vitest'
import { daysFrom, firstWeekday, weekBegin } from './week'

test('a week begins on Monday, or on Sunday for those who say so', () => {
  expect(['2026-05-09', '2026-05-10', '2026-05-11'].map((day) => weekBegin(day, firstWeekday('iso')))).toEqual(['2026-05-04', '2026-05-04', '2026-05-11'])
  expect(['2026-05-09', '2026-05-10'].map((day) => weekBegin(day, firstWeekday('sunday')))).toEqual(['2026-05-03', '2026-05-10'])
  expect(weekBegin('2027-01-01', firstWeekday(undefined))).toBe('2026-12-28')
})

test('days follow each other also over a change of the clocks', () => {
  expect(daysFrom('2026-03-28', 3)).toEqual(['2026-03-28', '2026-03-29', '2026-03-30'])
})
