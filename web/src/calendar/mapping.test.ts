import { expect, test } from 'vitest'
import { changed } from '@/entries/edit'
import { entry } from '@/entries/testing'
import { iso } from '@/time/zone'
import { dayAt, instantAt, lengthenedBy, movedBy, movedTo, placeOf, resizedTo, shownAt, totalsOf } from './mapping'

const PARIS = 'Europe/Paris'
const paris = (start: string, till: string | null) => entry('e', start, till ? { till, zone: PARIS } : { end: null, seconds: null, zone: PARIS })
const place = (text: string) => Date.parse(`${text}Z`)
const shown = (start: string, till: string | null, now = 0) => {
  const { from, to } = shownAt(paris(start, till), now)
  return [from, to].map((at) => iso(at).slice(0, 16))
}

test('an entry stands where the clock of its zone says, also on days of 23 and 25 hours', () => {
  expect(shown('2026-05-04T07:00:00Z', '2026-05-04T08:30:00Z')).toEqual(['2026-05-04T09:00', '2026-05-04T10:30'])
  expect(shown('2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z')).toEqual(['2026-03-29T01:30', '2026-03-29T03:30'])
  expect(shown('2026-10-24T22:00:00Z', '2026-10-25T05:00:00Z')).toEqual(['2026-10-25T00:00', '2026-10-25T06:00'])
  // From 2:30 to the second 2:30: an hour.
  expect(shown('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z')).toEqual(['2026-10-25T02:30', '2026-10-25T03:30'])
})

test('an entry over midnight is of both days, and what runs grows', () => {
  const night = entry('n', '2026-05-04T21:00:00Z', { till: '2026-05-05T00:30:00Z', zone: PARIS })
  const { from, to } = shownAt(night, 0)
  expect([dayAt(from), dayAt(to)]).toEqual(['2026-05-04', '2026-05-05'])
  const running = paris('2026-05-05T07:00:00Z', null)
  const now = Date.parse('2026-05-05T07:40:00Z')
  expect(shown('2026-05-05T07:00:00Z', null, now)).toEqual(['2026-05-05T09:00', '2026-05-05T09:40'])
  expect([...totalsOf([night, running], now)]).toEqual([['2026-05-04', 3600], ['2026-05-05', 9000 + 2400]])
})

test('a place is an instant and back, to the second', () => {
  for (const instant of ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-10-25T02:10:07Z', '1969-12-31T10:00:03Z']) {
    expect(iso(instantAt(placeOf(instant, PARIS), PARIS))).toBe(instant)
  }
})

test('a move keeps the length, also into a night in which the clock changes', () => {
  const night = paris('2026-03-27T22:00:00Z', '2026-03-28T05:00:00Z')
  expect(movedTo(night, place('2026-03-28T23:00:00'))).toEqual({ start: '2026-03-28T22:00:00Z', end: '2026-03-29T05:00:00Z' })
  expect(movedBy(night, 1, -5)).toEqual({ start: '2026-03-28T21:55:00Z', end: '2026-03-29T04:55:00Z' })
})

test('an edge that was dragged is on the step, the other one stays', () => {
  const odd = paris('2026-05-04T07:01:13Z', '2026-05-04T08:02:44Z')
  expect(resizedTo(odd, shownAt(odd, 0).from, place('2026-05-04T10:17:44'))).toEqual({ end: '2026-05-04T08:20:00Z' })
  expect(resizedTo(odd, place('2026-05-04T08:46:13'), shownAt(odd, 0).to)).toEqual({ start: '2026-05-04T06:45:00Z' })
  expect(changed(odd, lengthenedBy(odd, -600)).seconds).toBe(300)
  expect(lengthenedBy(odd, 5)).toEqual({ end: '2026-05-04T08:07:44Z' })
})
