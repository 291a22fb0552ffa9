// The queue on a database in memory, from what is put into it to what the API gets.
import 'fake-indexeddb/auto'
import { beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import type { TimeEntry } from '@/api/types'
import { entry } from '@/entries/testing'
import { drain } from './drain'
import type { Lasting, Op, Outcome } from './ops'
import { again, all, drop, put } from './queue'
import { store } from './store'

const sent = vi.hoisted(() => ({ answer: (_op: unknown, _key: string): unknown => [], log: [] as { op: unknown; key: string }[] }))

vi.mock('@/auth/session', () => ({ session: { person: { value: { id: 'alice' } } } }))
vi.mock('@/entries/cache', () => ({ readAnew: vi.fn(), showEntry: vi.fn(), hideEntry: vi.fn(), putEntry: vi.fn(), dropEntry: vi.fn(), knownEntry: vi.fn() }))
vi.mock('@/api/client', () => ({ read: (given: unknown) => given }))
vi.mock('./send', () => ({
  send: async (op: unknown, way: (request: (header: { 'Idempotency-Key': string }) => unknown) => unknown) => {
    const key = await way((header) => header['Idempotency-Key'])
    sent.log.push({ op: structuredClone(op), key: key as string })
    return sent.answer(op, key as string)
  },
}))

const create = (id: string, start = '09:00'): Lasting => ({ do: 'create', id, entry: { start: `2026-01-12T${start}:00Z`, end: `2026-01-12T${start.replace(':00', ':30')}:00Z` } })
const change = (id: string, description: string, version = 1): Lasting => ({ do: 'change', entry: entry(id, '09:00', { version }), change: { description } })
const kinds = () => sent.log.map(({ op }) => (op as Op).do)

/** An API that gives `ours` the id `theirs`, and each change a version more. */
function server(refuse: Record<string, Problem> = {}) {
  const versions = new Map<string, number>()
  sent.answer = (given): Outcome => {
    const op = given as Lasting
    const id = op.do === 'create' ? op.id : op.do === 'bulk' ? (op.entries[0]?.id ?? '') : op.entry.id
    const problem = refuse[id]
    if (problem) throw problem
    if (op.do === 'create') return [entry(`their-${id}`, '09:00')]
    const version = op.do === 'change' ? op.entry.version + 1 : 9
    versions.set(id, version)
    return [entry(id, '09:00', { version })]
  }
}

beforeEach(async () => {
  sent.log = []
  const db = await store()
  await Promise.all([db.clear('waiting'), db.clear('given')])
})

test('an entry that is made and then changed keeps both, in order, under the id and version that the API gives', async () => {
  server()
  await put('alice', create('n'), 'k1')
  await put('alice', change('n', 'first', 0), 'k2')
  await put('alice', change('n', 'second', 0), 'k3')
  await drain()
  expect(sent.log).toMatchObject([
    { key: 'k1', op: { do: 'create' } },
    { key: 'k2', op: { entry: { id: 'their-n', version: 1 }, change: { description: 'first' } } },
    { key: 'k3', op: { entry: { id: 'their-n', version: 2 }, change: { description: 'second' } } },
  ])
  expect(await all('alice')).toEqual([])
})

test('what another window puts in under the old id finds the new one', async () => {
  server()
  await put('alice', create('n'), 'k1')
  await put('alice', change('other', 'keeps the queue from being empty'), 'k2')
  sent.answer = ((answer) => (op: unknown, key: string) => {
    if (key === 'k2') throw new Problem('offline', 0)
    return answer(op, key)
  })(sent.answer)
  await drain()
  await put('alice', change('n', 'late', 0), 'k3')
  expect((await all('alice')).at(-1)?.op).toMatchObject({ entry: { id: 'their-n', version: 1 } })
})

test('without an answer all stays as it is, under the same keys', async () => {
  sent.answer = () => {
    throw new Problem('offline', 0)
  }
  await put('alice', create('n'), 'k1')
  await put('alice', create('m', '11:00'), 'k2')
  await drain()
  expect(kinds()).toEqual(['create'])
  server()
  await drain()
  expect(sent.log.map(({ key }) => key)).toEqual(['k1', 'k1', 'k2'])
})

test('a refused change waits for a decision with all that builds on it, the rest goes on', async () => {
  server({ n: new Problem('overlap', 409, { conflict: 'x' }) })
  await put('alice', create('n'), 'k1')
  await put('alice', { do: 'bulk', items: [{ action: 'delete', id: 'n', version: 0 }], entries: [entry('n', '09:00')] }, 'k2')
  await put('alice', change('other', 'x'), 'k3')
  await drain()
  expect(kinds()).toEqual(['create', 'change'])
  const [first, second] = await all('alice')
  expect(first).toMatchObject({ key: 'k1', refused: { kind: 'overlap', status: 409, body: { conflict: 'x' } } })
  expect(second).toMatchObject({ key: 'k2' })

  // Decided: the times are others now, and what has waited for it follows.
  server()
  await again(first!, create('n', '15:00'))
  await drain()
  expect(sent.log.slice(2)).toMatchObject([{ key: 'k1', op: { entry: { start: '2026-01-12T15:00:00Z' } } }, { key: 'k2', op: { items: [{ id: 'their-n', version: 1 }] } }])
})

test('what was refused as it was is tried with what was changed of it later', async () => {
  server()
  const plain = sent.answer
  sent.answer = (op, key) => {
    const { entry: { end } } = op as { entry: { end: string } }
    if (end === '2026-01-12T09:30:00Z') throw new Problem('overlap', 409)
    return plain(op, key)
  }
  await put('alice', create('n'), 'k1')
  await put('alice', { do: 'change', entry: entry('n', '09:00', { version: 0 }), change: { end: '2026-01-12T09:15:00Z' } }, 'k2')
  await drain()
  expect(sent.log).toMatchObject([{ key: 'k1' }, { key: 'k1', op: { do: 'create', entry: { end: '2026-01-12T09:15:00Z' } } }])
  expect(await all('alice')).toEqual([])
})

test('who leaves a new entry out leaves out what was done to it', async () => {
  server({ n: new Problem('overlap', 409) })
  await put('alice', create('n'), 'k1')
  await put('alice', { do: 'bulk', items: [{ action: 'delete', id: 'n', version: 0 }, { action: 'delete', id: 'a', version: 1 }], entries: [entry('n', '09:00'), entry('a', '10:00')] }, 'k2')
  await put('alice', { do: 'restore', entry: entry('n', '09:00') }, 'k3')
  await drain()
  await drop((await all('alice'))[0]!)
  expect(await all('alice')).toMatchObject([{ key: 'k2', op: { items: [{ id: 'a' }] } }])
})

test('a request that arrived while its answer was lost gets that answer', async () => {
  const tried: Op = { do: 'stop', entry: entry('r', '09:00', { end: null, version: 2 }) }
  sent.answer = (op) => {
    if ((op as Op).do !== 'stop') throw new Problem('key-reused', 422)
    return [entry('r', '09:00', { version: 3 })] satisfies TimeEntry[]
  }
  await put('alice', change('r', 'as it is sent later', 2), 'k1', tried)
  await drain()
  expect(sent.log).toMatchObject([{ key: 'k1', op: { do: 'change' } }, { key: 'k1', op: tried }])
  expect(await all('alice')).toEqual([])
})

test('nobody sees or sends what another person has waiting', async () => {
  server()
  await put('bob', create('n'), 'k1')
  await drain()
  expect(sent.log).toEqual([])
  expect(await all('bob')).toHaveLength(1)
})
