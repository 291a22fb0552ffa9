import { expect, test } from 'vitest'
import { type Row, rowsOf } from './days'
import { entry } from './testing'

const short = (rows: Row[]) =>
  rows.map((row) => {
    if (row.type === 'day') return `${row.day} ${row.seconds / 60}`
    if (row.type === 'gap') return `gap ${(row.gap.end - row.gap.start) / 60_000}`
    if (row.type === 'rest') return `rest ${row.entry.id} ${row.seconds / 60}`
    return row.entry.id + (row.overlap ? ` over ${row.overlap.other.id} ${row.overlap.seconds / 60}` : '')
  })

test('days come newest first, with their totals and the holes between', () => {
  const entries = [
    entry('c', '2026-01-13T08:00:00Z', { till: '2026-01-13T09:00:00Z' }),
    entry('b', '10:00', { till: '12:00' }),
    entry('a', '08:00', { till: '09:15' }),
  ]
  expect(short(rowsOf(entries))).toEqual(['2026-01-13 60', 'c', '2026-01-12 195', 'b', 'gap 45', 'a'])
})

test('an entry across midnight counts on both days and is shown on the first', () => {
  const night = entry('n', '2026-01-12T22:30:00Z', { till: '2026-01-13T01:00:00Z', zone: 'Europe/Paris' })
  expect(short(rowsOf([night]))).toEqual(['2026-01-13 120', 'rest n 120', '2026-01-12 30', 'n'])
  // A night of 25 hours.
  const autumn = entry('o', '2026-10-24T20:00:00Z', { till: '2026-10-25T05:00:00Z', zone: 'Europe/Paris' })
  expect(short(rowsOf([autumn]))).toEqual(['2026-10-25 420', 'rest o 420', '2026-10-24 120', 'o'])
  // What ends at midnight is of the day that ends.
  expect(short(rowsOf([entry('m', '22:00', { till: '2026-01-13T00:00:00Z' })]))).toEqual(['2026-01-12 120', 'm'])
})

test('an overlap is told of the later entry, also of one within a longer one', () => {
  const entries = [entry('c', '10:45', { till: '11:30' }), entry('b', '10:00', { till: '10:10' }), entry('a', '09:00', { till: '11:00' })]
  expect(short(rowsOf(entries))).toEqual(['2026-01-12 175', 'c over a 15', 'b over a 10', 'a'])
})

test('what runs counts on each day until now, and today is the own one', () => {
  const now = Date.parse('2026-01-13T03:20:00Z')
  const night = entry('n', '22:00', { end: null, seconds: null })
  const rows = rowsOf([night], now)
  expect(short(rows)).toEqual(['2026-01-13 0', 'rest n 200', '2026-01-12 0', 'n'])
  expect(rows.map((row) => row.type === 'day' && row.running?.id)).toEqual(['n', false, 'n', false])
  const abroad = entry('t', '14:00', { till: '14:30', zone: 'Asia/Tokyo' })
  expect(short(rowsOf([abroad], Date.parse('2026-01-12T16:00:00Z'), 'UTC'))).toEqual(['2026-01-12 30', 'gap 90', 't'])
  expect(short(rowsOf([abroad], Date.parse('2026-01-12T16:00:00Z'), 'Asia/Tokyo'))).toEqual(['2026-01-12 30', 't'])
})

test('what runs is in no total, and what is missing until now is told of today only', () => {
  const ended = entry('a', '09:00', { till: '10:00' })
  const now = (clock: string) => Date.parse(`2026-01-12T${clock}:00Z`)
  expect(short(rowsOf([ended], now('10:20')))).toEqual(['2026-01-12 60', 'gap 20', 'a'])
  expect(short(rowsOf([ended], now('10:03')))).toEqual(['2026-01-12 60', 'a'])
  expect(short(rowsOf([ended], Date.parse('2026-01-13T10:00:00Z')))).toEqual(['2026-01-12 60', 'a'])
  const running = entry('r', '10:10', { end: null, seconds: null })
  const rows = rowsOf([running, ended], now('10:20'))
  expect(short(rows)).toEqual(['2026-01-12 60', 'r', 'gap 10', 'a'])
  expect(rows[0]).toMatchObject({ running: { id: 'r' } })
})
