import { expect, test } from 'vitest'
import { freeSlot, merge, split } from './plans'
import { entry } from './testing'

const at = (clock: string) => Date.parse(`2026-01-12T${clock}:00Z`)

test('a split keeps the work and the whole length', () => {
  const [first, second] = split(entry('a', '09:00', { till: '11:00', description: 'Plan', tag_ids: ['t'], billable: true }), at('09:40'))
  expect(first).toEqual({ action: 'change', id: 'a', version: 1, change: { end: '2026-01-12T09:40:00Z' } })
  expect(second).toMatchObject({ action: 'create', entry: { start: '2026-01-12T09:40:00Z', end: '2026-01-12T11:00:00Z', description: 'Plan', tag_ids: ['t'], billable: true } })
})

test('a merge spans all of them, says what lay between, and deletes before it stretches', () => {
  const merged = merge([
    entry('c', '11:00', { till: '12:00', tag_ids: ['y'], project_id: 'p', task_id: 'q' }),
    entry('a', '09:00', { till: '10:00', tag_ids: ['x'], version: 4 }),
    entry('b', '10:00', { till: '10:30', description: 'Plan', billable: true }),
  ])
  if (!merged || merged === 'too-long') throw new Error('not merged')
  expect([merged.gaps, merged.isWorkMixed, merged.isBillableMixed]).toEqual([1800, false, true])
  expect(merged.items).toEqual([
    { action: 'delete', id: 'b', version: 1 },
    { action: 'delete', id: 'c', version: 1 },
    { action: 'change', id: 'a', version: 4, change: { end: '2026-01-12T12:00:00Z', description: 'Plan', tag_ids: ['x', 'y'], billable: true, project_id: 'p', task_id: 'q' } },
  ])
  expect(merge([entry('a', '09:00')])).toBeUndefined()
  expect(merge([entry('a', '09:00'), entry('r', '10:00', { end: null })])).toBeUndefined()
})

test('a merge keeps all words, each once, and tells what it makes the same', () => {
  const merged = merge([
    entry('a', '09:00', { description: 'Plan', project_id: 'p' }),
    entry('b', '10:00', { description: 'Call Ann', project_id: 'o' }),
    entry('c', '11:00', { description: 'Plan' }),
  ])
  expect(merged).toMatchObject({ isWorkMixed: true, isBillableMixed: false, change: { description: 'Plan; Call Ann' } })
  const long = (id: string, start: string) => entry(id, start, { description: id.repeat(600) })
  expect(merge([long('a', '09:00'), long('b', '10:00')])).toBe('too-long')
})

test('a copy goes to the first time that is free, and not into the future', () => {
  const hour = entry('a', '09:00', { till: '10:00' })
  const known = [entry('b', '10:30', { till: '11:00' }), entry('c', '11:00', { till: '12:00' }), entry('d', '14:00', { till: '15:00' }), hour]
  expect(freeSlot(hour, known, at('18:00'))).toBe(at('12:00'))
  expect(freeSlot(hour, [hour], at('18:00'))).toBe(at('10:00'))
  expect(freeSlot(hour, known, at('12:59'))).toBeUndefined()
  expect(freeSlot(hour, [hour, entry('r', '10:30', { end: null })], at('18:00'))).toBeUndefined()
})
