import { expect, test } from 'vitest'
import { instantOf, iso, plusDays, wallOf } from './zone'

const PARIS = 'Europe/Paris'

test('a wall shows the time of its zone', () => {
  expect(wallOf('2026-01-10T23:30:05Z', PARIS)).toEqual({ day: '2026-01-11', minutes: 30, seconds: 5 })
  expect(wallOf('2026-05-01T18:15:00Z', 'Asia/Kathmandu')).toEqual({ day: '2026-05-02', minutes: 0, seconds: 0 })
})

test('what was typed in a zone is an instant, also on the days when its clock changes', () => {
  const instant = (day: string, minutes: number, zone = PARIS) => iso(instantOf(day, minutes, zone))
  expect(instant('2026-01-10', 9 * 60)).toBe('2026-01-10T08:00:00Z')
  expect(instant('2026-07-10', 9 * 60)).toBe('2026-07-10T07:00:00Z')
  // Left out in spring: 2:30 is read as 3:30.
  expect(instant('2026-03-29', 150)).toBe('2026-03-29T01:30:00Z')
  expect(instant('2026-03-29', 3 * 60)).toBe('2026-03-29T01:00:00Z')
  expect(instant('2026-03-29', 60)).toBe('2026-03-29T00:00:00Z')
  // Twice in autumn: the first.
  expect(instant('2026-10-25', 150)).toBe('2026-10-25T00:30:00Z')
  expect(instant('2026-10-25', 4 * 60)).toBe('2026-10-25T03:00:00Z')
  expect(instant('2026-10-25', 0)).toBe('2026-10-24T22:00:00Z')
  expect(instant('2026-06-01', 24 * 60)).toBe('2026-06-01T22:00:00Z')
  expect(instant('2026-01-10', 9 * 60, 'America/New_York')).toBe('2026-01-10T14:00:00Z')
})

test('days are counted by the calendar', () => {
  expect([plusDays('2026-03-28', 1), plusDays('2026-03-01', -1), plusDays('2026-10-25', 1)]).toEqual(['2026-03-29', '2026-02-28', '2026-10-26'])
})
