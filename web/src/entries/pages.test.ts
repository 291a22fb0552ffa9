import { expect, test } from 'vitest'
import { flat, withEntry, withinSpan, without, type Page } from './pages'
import { entry } from './testing'

const pages: Page[] = [
  { items: [entry('e', '12:00'), entry('d', '11:00')], next_cursor: 'more' },
  { items: [entry('c', '10:00'), entry('b', '09:00')], next_cursor: 'more' },
]
const ids = (all: Page[]) => all.map(({ items }) => items.map(({ id }) => id).join('')).join('|')

test('a new entry comes to its place, and one that is older than what is loaded stays out', () => {
  expect(ids(withEntry(pages, entry('x', '13:00')))).toBe('xed|cb')
  expect(ids(withEntry(pages, entry('x', '11:30')))).toBe('exd|cb')
  expect(ids(withEntry(pages, entry('x', '10:30')))).toBe('ed|xcb')
  expect(ids(withEntry(pages, entry('x', '08:00')))).toBe('ed|cb')
  const all = [pages[0]!, { ...pages[1]!, next_cursor: null }]
  expect(ids(withEntry(all, entry('x', '08:00')))).toBe('ed|cbx')
  expect(ids(withEntry([{ items: [] }], entry('x', '08:00')))).toBe('x')
})

test('a change replaces, moves, and never goes back to an older version', () => {
  const moved = withEntry(pages, entry('e', '09:30', { version: 2 }))
  expect(ids(moved)).toBe('d|ceb')
  expect(withEntry(moved, entry('e', '12:00', { version: 1 }))).toBe(moved)
  expect(flat(withEntry(moved, entry('e', '09:30', { version: 2, description: 'new' }))).find(({ id }) => id === 'e')?.description).toBe('new')
})

test('what is deleted is gone, and the other pages are the same', () => {
  const left = without(pages, 'd')
  expect(ids(left)).toBe('e|cb')
  expect(left[1]).toBe(pages[1])
})

test('a span has what has time in it, the oldest first, and no older version', () => {
  const span = { from: '2026-01-12T00:00:00Z', to: '2026-01-13T00:00:00Z' }
  const [a, b] = [entry('a', '08:00'), entry('b', '10:00')]
  const ids = (entries: { id: string }[]) => entries.map(({ id }) => id).join()
  expect(ids(withinSpan([a], b, span))).toBe('a,b')
  expect(ids(withinSpan([b], a, span))).toBe('a,b')
  expect(ids(withinSpan([a, b], entry('a', '11:00', { version: 2 }), span))).toBe('b,a')
  expect(ids(withinSpan([a, b], entry('a', '2026-01-14T08:00:00Z', { version: 2 }), span))).toBe('b')
  expect(ids(withinSpan([b], entry('r', '2026-01-11T23:00:00Z', { end: null }), span))).toBe('r,b')
  expect(ids(withinSpan([b], entry('o', '2026-01-11T23:00:00Z', { till: '2026-01-12T00:00:00Z' }), span))).toBe('b')
  const newer = [entry('a', '09:00', { version: 3 })]
  expect(withinSpan(newer, entry('a', '08:00', { version: 2 }), span)).toBe(newer)
})
