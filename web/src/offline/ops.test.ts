import { expect, test } from 'vitest'
import { entry } from '@/entries/testing'
import { afterOp, folded, idsOf, lasting, type Lasting, type Op, rebased, sendable, without } from './ops'

const at = (clock: string) => Date.parse(`2026-01-12T${clock}:00Z`)
const unknown = () => undefined
const running = entry('r', '09:00', { end: null, seconds: null, version: 3 })

test('what is meant for now keeps its moment when it has to wait', () => {
  const work = { description: 'Read', zone: 'UTC' }
  expect(lasting({ do: 'start', id: 'n', work }, at('10:00'))).toEqual({ do: 'create', id: 'n', entry: { ...work, start: '2026-01-12T10:00:00Z' } })
  expect(lasting({ do: 'stop', entry: running }, at('10:00'))).toEqual({ do: 'change', entry: running, change: { end: '2026-01-12T10:00:00Z' } })
  expect(lasting({ do: 'stop', entry: running, end: '2026-01-12T09:30:00Z' }, at('10:00'))).toMatchObject({ change: { end: '2026-01-12T09:30:00Z' } })
  expect(lasting({ do: 'discard', entry: running }, 0)).toMatchObject({ do: 'bulk', items: [{ action: 'delete', id: 'r', version: 3 }] })

  const change = lasting({ do: 'start', id: 'n', work, stops: running }, at('10:00'))
  expect(idsOf(change)).toEqual(['r', 'n'])
  expect(afterOp(change, unknown)).toMatchObject([
    { id: 'r', end: '2026-01-12T10:00:00Z', seconds: 3600 },
    { id: 'n', start: '2026-01-12T10:00:00Z', end: null, description: 'Read' },
  ])
  // Nothing lasts no time, whatever the clocks say.
  expect(lasting({ do: 'stop', entry: running }, at('08:00'))).toMatchObject({ change: { end: '2026-01-12T09:00:01Z' } })
})

test('what builds on an entry follows its id and its version', () => {
  const change: Lasting = { do: 'change', entry: entry('ours', '09:00', { version: 0 }), change: { description: 'x' } }
  expect(rebased(change, 'ours', { id: 'theirs', version: 1 }).entry).toMatchObject({ id: 'theirs', version: 1 })
  expect(rebased(change, 'another', { id: 'theirs', version: 1 })).toEqual(change)
  const bulk: Lasting = { do: 'bulk', items: [{ action: 'delete', id: 'ours', version: 0 }, { action: 'delete', id: 'r', version: 3 }], entries: [change.entry, running] }
  expect(rebased(bulk, 'ours', { id: 'theirs', version: 4 }).items).toEqual([{ action: 'delete', id: 'theirs', version: 4 }, { action: 'delete', id: 'r', version: 3 }])
})

test('changes become part of what was refused before them, deletions do not', () => {
  const create: Lasting = { do: 'create', id: 'n', entry: { start: '2026-01-12T09:00:00Z', end: '2026-01-12T10:00:00Z' } }
  const later: Lasting = { do: 'change', entry: entry('n', '09:00'), change: { end: '2026-01-12T09:30:00Z' } }
  expect(folded(create, later)).toMatchObject({ do: 'create', entry: { start: '2026-01-12T09:00:00Z', end: '2026-01-12T09:30:00Z' } })
  const change: Lasting = { do: 'change', entry: entry('n', '09:00'), change: { description: 'x' } }
  expect(folded(change, later)).toMatchObject({ change: { description: 'x', end: '2026-01-12T09:30:00Z' } })
  const switched = lasting({ do: 'start', id: 'n', work: {}, stops: running }, at('10:00'))
  expect(folded(switched, { ...later, change: { end: '2026-01-12T11:00:00Z' } })).toMatchObject({ items: [{ action: 'change' }, { action: 'create', entry: { end: '2026-01-12T11:00:00Z' } }] })
  expect(folded(create, { do: 'bulk', items: [{ action: 'delete', id: 'n', version: 0 }], entries: [later.entry] })).toBeUndefined()
  expect(folded(create, { ...later, entry: entry('m', '09:00') })).toBeUndefined()
})

test('without an entry the rest of a bulk stays', () => {
  const bulk: Lasting = { do: 'bulk', items: [{ action: 'delete', id: 'a', version: 1 }, { action: 'delete', id: 'b', version: 1 }], entries: [entry('a', '09:00'), entry('b', '10:00')] }
  expect(without(bulk, 'a')).toMatchObject({ items: [{ id: 'b' }], entries: [{ id: 'b' }] })
  expect(without(without(bulk, 'a') as Lasting, 'b')).toBeUndefined()
  expect(without({ do: 'restore', entry: running }, 'x')).toEqual({ do: 'restore', entry: running })
})

test('what builds on a refused change waits with it, and what builds on that', () => {
  const about = (...ids: string[]): Op => ({ do: 'bulk', items: [], entries: ids.map((id) => entry(id, '09:00')) })
  const items = [{ op: about('a'), refused: true }, { op: about('b') }, { op: about('a', 'c') }, { op: about('c') }, { op: about('d') }]
  expect(sendable(items).flatMap(({ op }) => idsOf(op))).toEqual(['b', 'd'])
})
