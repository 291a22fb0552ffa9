import { expect, test } from 'vitest'
import { roomFor, withEnd, withLength, withStart } from './edit'
import { entry } from './testing'

const night = entry('n', '2026-03-28T21:00:00Z', { till: '2026-03-29T05:00:00Z', zone: 'Europe/Paris' })

test('times are read by the clock of the entry, the end after the start', () => {
  expect(withStart(night, 21 * 60)).toEqual({ start: '2026-03-28T20:00:00Z' })
  expect(withEnd(night, 23 * 60)).toEqual({ end: '2026-03-28T22:00:00Z' })
  const odd = entry('o', '2026-01-12T09:00:40Z', { till: '2026-01-12T10:00:20Z' })
  expect([withStart(odd, 540), withEnd(odd, 600)]).toEqual([{}, {}])
  // In the night the clock goes forward.
  expect(withEnd(night, 6 * 60)).toEqual({ end: '2026-03-29T04:00:00Z' })
  expect(withEnd(night, 22 * 60)).toEqual({ end: '2026-03-29T20:00:00Z' })
})

test('a length moves the end, or the start of what runs', () => {
  expect(withLength(night, 90 * 60, 0)).toEqual({ end: '2026-03-28T22:30:00Z' })
  expect(withLength(entry('r', '09:00', { end: null }), 30 * 60, Date.parse('2026-01-12T10:00:00Z'))).toEqual({ start: '2026-01-12T09:30:00Z' })
})

test('what stands in the way ends earlier or begins later, and stays where it would have to go', () => {
  const mail = entry('m', '13:00', { till: '14:00' })
  expect(roomFor(mail, { start: '2026-01-12T11:30:00Z' }, entry('w', '09:00', { till: '12:00' }))).toEqual({ end: '2026-01-12T11:30:00Z' })
  expect(roomFor(mail, { end: '2026-01-12T15:00:00Z' }, entry('c', '14:30', { till: '16:00' }))).toEqual({ start: '2026-01-12T15:00:00Z' })
  expect(roomFor(mail, { end: '2026-01-12T15:00:00Z' }, entry('s', '14:30', { till: '14:45' }))).toBeUndefined()
  expect(roomFor(mail, { end: '2026-01-12T15:00:00Z' }, entry('r', '14:30', { end: null }))).toBeUndefined()
})
