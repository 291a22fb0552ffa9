import { expect, test } from 'vitest'
import { withEnd, withLength, withStart } from './edit'
import { entry } from './testing'

const night = entry('n', '2026-03-28T21:00:00Z', { till: '2026-03-29T05:00:00Z', zone: 'Europe/Paris' })

test('times are read by the clock of the entry, the end after the start', () => {
  expect(withStart(night, 21 * 60)).toEqual({ start: '2026-03-28T20:00:00Z' })
  expect(withEnd(night, 23 * 60)).toEqual({ end: '2026-03-28T22:00:00Z' })
  // In the night the clock goes forward.
  expect(withEnd(night, 6 * 60)).toEqual({ end: '2026-03-29T04:00:00Z' })
  expect(withEnd(night, 22 * 60)).toEqual({ end: '2026-03-29T20:00:00Z' })
})

test('a length moves the end, or the start of what runs', () => {
  expect(withLength(night, 90, 0)).toEqual({ end: '2026-03-28T22:30:00Z' })
  expect(withLength(entry('r', '09:00', { end: null }), 30, Date.parse('2026-01-12T10:00:00Z'))).toEqual({ start: '2026-01-12T09:30:00Z' })
})
