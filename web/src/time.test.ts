import { expect, test } from 'vitest'
import { day, duration, toInput } from './time'

test('durations are hours and minutes', () => {
  expect([0, 59, 60, 3900, 90_000].map(duration)).toEqual(['0:00', '0:00', '0:01', '1:05', '25:00'])
})

test('an input value reads back as the same minute', () => {
  const moment = new Date('2026-05-04T07:08:00Z')
  expect(new Date(toInput(moment)).getTime()).toBe(moment.getTime())
})

test('days go back over the end of a month', () => {
  expect(day(new Date(2026, 2, 1, 0, 30), 1)).toBe('2026-02-28')
  expect(day(new Date(2026, 2, 1, 23, 30))).toBe('2026-03-01')
})
