import { expect, test } from 'vitest'
import type { TimeEntry } from '@/api/types'
import { entry } from '@/entries/testing'
import { daysFrom } from '@/time/week'
import { lengthOf, linesOf, planOf, type LineName } from './cells'

const DAYS = daysFrom('2026-01-12', 7)
const MONDAY = 0
const name: LineName = { project_id: 'p', task_id: null }
const mine = { project_id: 'p' }
const lines = (entries: TimeEntry[], names: LineName[] = [], now = 0) => linesOf(entries, DAYS, names, now)
const cell = (entries: TimeEntry[]) => lines(entries, [name]).find(({ project_id }) => project_id === 'p')!.cells[MONDAY]!
const plan = (minutes: number, entries: TimeEntry[], others: TimeEntry[] = [], now = Date.parse('2026-01-31T00:00:00Z')) => planOf(cell(entries), name, Math.round(minutes * 60), [...entries, ...others], 'UTC', now)

test('lines are projects with their tasks, cells are days, and both are summed', () => {
  const entries = [entry('a', '09:00', mine), entry('b', '10:00', mine), entry('c', '11:00', { ...mine, task_id: 't' }), entry('d', '2026-01-14T09:00:00Z', {}), entry('o', '2026-01-20T09:00:00Z', {})]
  const short = lines(entries).map(({ key, seconds, cells }) => [key, seconds, cells.map((one) => one.seconds / 60).join(' ')])
  expect(short).toEqual([
    ['p/', 3600, '60 0 0 0 0 0 0'],
    ['p/t', 1800, '30 0 0 0 0 0 0'],
    ['/', 1800, '0 0 30 0 0 0 0'],
  ])
  expect(lines([], [name]).map(({ key, seconds }) => [key, seconds])).toEqual([['p/', 0]])
})

test('only a cell of nothing or of one whole entry is typed into', () => {
  const typed = (entries: TimeEntry[], now = 0) => lines(entries, [name], now)[0]!.cells.slice(0, 2).map((one) => one.typed)
  expect(typed([])).toEqual([true, true])
  expect(typed([entry('a', '09:00', mine)])).toEqual([true, true])
  expect(typed([entry('a', '09:00', mine), entry('b', '10:00', mine)])).toEqual([false, true])
  expect(typed([entry('n', '23:00', { ...mine, till: '2026-01-13T01:00:00Z' })])).toEqual([false, false])
  const running = entry('r', '09:00', { ...mine, end: null, seconds: null })
  const now = Date.parse('2026-01-12T10:00:00Z')
  expect(typed([running], now)).toEqual([false, true])
  expect(lines([running], [], now)[0]?.seconds).toBe(3600)
  const odd = lines([running, entry('o', '2026-01-13T09:00:00Z', { ...mine, till: '2026-01-13T09:10:30Z' })], [], now + 20_000)[0]!.cells
  expect([lengthOf([odd[0]!]), lengthOf([odd[1]!]), lengthOf(odd)]).toEqual(['1:00', '0:10:30', '1:10'])
})

test('hours in an empty cell are a new entry where the day is free', () => {
  expect(plan(90, [])).toEqual({ do: 'add', entry: { ...name, zone: 'UTC', start: '2026-01-12T09:00:00Z', end: '2026-01-12T10:30:00Z' } })
  expect(plan(90, [], [entry('x', '09:30')])).toMatchObject({ entry: { start: '2026-01-12T10:00:00Z' } })
  expect(plan(0, [])).toEqual({ do: 'nothing' })
  expect(plan(25 * 60, [])).toEqual({ do: 'full' })
})

test('hours in the cell of one entry are its length, and it goes where there is room', () => {
  const one = entry('a', '09:00', { ...mine, till: '10:00' })
  expect(plan(60, [one])).toEqual({ do: 'nothing' })
  expect(plan(90, [one])).toMatchObject({ do: 'change', change: { end: '2026-01-12T10:30:00Z' } })
  expect(plan(90, [one], [entry('x', '10:00')])).toMatchObject({ change: { start: '2026-01-12T10:30:00Z', end: '2026-01-12T12:00:00Z' } })
  expect(plan(90, [one], [entry('x', '10:30')])).toMatchObject({ change: { end: '2026-01-12T10:30:00Z' } })
  // What overlaps already is made shorter where it is.
  expect(plan(30, [one], [entry('x', '09:20')])).toMatchObject({ change: { end: '2026-01-12T09:30:00Z' } })
  expect(plan(0, [one])).toMatchObject({ do: 'delete', entry: { id: 'a' } })
  // Late in the evening there is no room until midnight.
  expect(plan(180, [entry('a', '22:00', { ...mine, till: '23:00' })])).toMatchObject({ change: { start: '2026-01-12T09:00:00Z' } })
  expect(plan(23 * 60, [one], [entry('x', '10:00', { till: '14:00' })])).toEqual({ do: 'full' })
})

test('seconds that are typed count, and only 0 deletes', () => {
  const short = entry('a', '09:00', { ...mine, till: '2026-01-12T09:01:40Z' })
  expect(plan(100 / 60, [short])).toEqual({ do: 'nothing' })
  expect(plan(1, [short])).toMatchObject({ do: 'change', change: { end: '2026-01-12T09:01:00Z' } })
  expect(plan(0.5, [short])).toMatchObject({ do: 'change', change: { end: '2026-01-12T09:00:30Z' } })
  expect(plan(0.5, [])).toMatchObject({ do: 'add', entry: { end: '2026-01-12T09:00:30Z' } })
})

test('hours of today end by now, and a day to come has room for none', () => {
  const now = Date.parse('2026-01-12T10:30:00Z')
  expect(plan(120, [], [], now)).toMatchObject({ do: 'add', entry: { start: '2026-01-12T08:30:00Z', end: '2026-01-12T10:30:00Z' } })
  expect(plan(120, [entry('a', '09:00', { ...mine, till: '10:00' })], [], now)).toMatchObject({ do: 'change', change: { start: '2026-01-12T08:30:00Z', end: '2026-01-12T10:30:00Z' } })
  expect(plan(12 * 60, [], [], now)).toEqual({ do: 'full' })
  expect(plan(60, [], [], Date.parse('2026-01-11T12:00:00Z'))).toEqual({ do: 'full' })
})
