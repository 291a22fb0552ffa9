import { expect, test } from 'vitest'
import { iso } from '@/time/zone'
import { freeTime } from './free'
import { entry } from './testing'

const DAY = '2026-01-12'
const at = (hours: number, entries: ReturnType<typeof entry>[], { day = DAY, zone = 'UTC', now = Date.parse('2026-12-31T00:00:00Z') } = {}) => {
  const found = freeTime(day, hours * 3600, entries, zone, now)
  return found === undefined ? undefined : iso(found)
}

test('new time begins at nine, or where there is room after it', () => {
  expect(at(2, [])).toBe('2026-01-12T09:00:00Z')
  expect(at(2, [entry('b', '10:00', { till: '12:00' })])).toBe('2026-01-12T12:00:00Z')
  expect(at(1, [entry('b', '10:00', { till: '12:00' })])).toBe('2026-01-12T09:00:00Z')
  expect(at(1, [entry('c', '11:00', { till: '14:00' }), entry('a', '08:00', { till: '10:30' }), entry('b', '09:00', { till: '09:10' })])).toBe('2026-01-12T14:00:00Z')
})

test('a full day is filled from its begin, and a day that is too full not at all', () => {
  const long = entry('l', '09:00', { till: '2026-01-13T02:00:00Z' })
  expect(at(3, [long])).toBe('2026-01-12T00:00:00Z')
  expect(at(3, [long, entry('e', '01:00', { till: '02:00' })])).toBe('2026-01-12T02:00:00Z')
  expect(at(9, [long, entry('e', '01:00', { till: '02:00' })])).toBeUndefined()
  expect(at(15, [])).toBe('2026-01-12T09:00:00Z')
  expect(at(16, [])).toBe('2026-01-12T00:00:00Z')
})

test('what runs takes its time until now, and days are those of the zone', () => {
  const running = entry('r', '08:30', { end: null })
  expect(at(1, [running], { now: Date.parse('2026-01-12T11:20:00Z') })).toBe('2026-01-12T07:30:00Z')
  expect(at(1, [], { zone: 'Europe/Paris' })).toBe('2026-01-12T08:00:00Z')
  // 23 hours.
  expect(at(24, [], { zone: 'Europe/Paris', day: '2026-03-29' })).toBeUndefined()
  expect(at(25, [], { zone: 'Europe/Paris', day: '2026-10-25' })).toBe('2026-10-24T22:00:00Z')
})

test('nothing is laid into the future: what does not fit from nine on on ends by now', () => {
  const now = Date.parse('2026-01-12T10:30:40Z')
  expect(at(1, [], { now })).toBe('2026-01-12T09:00:00Z')
  expect(at(2, [], { now })).toBe('2026-01-12T08:30:00Z')
  expect(at(2, [entry('a', '08:00', { till: '09:00' })], { now })).toBe('2026-01-12T06:00:00Z')
  expect(at(1, [entry('a', '09:10', { till: '10:10' }), entry('b', '07:00', { till: '08:00' })], { now })).toBe('2026-01-12T08:10:00Z')
  expect(at(11, [], { now })).toBeUndefined()
  expect(at(1, [], { now, day: '2026-01-13' })).toBeUndefined()
})
