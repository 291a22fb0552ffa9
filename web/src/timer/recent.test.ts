import { expect, test } from 'vitest'
import { entry } from '@/entries/testing'
import { recentWork } from './recent'

test('the same work is there once, the latest first, and work without a name not at all', () => {
  const entries = [
    entry('5', '12:00', { description: 'Plan', tag_ids: ['a', 'b'] }),
    entry('4', '11:00', { description: '' }),
    entry('3', '10:00', { description: 'Write' }),
    entry('2', '09:00', { description: 'Plan', tag_ids: ['b', 'a'] }),
    entry('1', '08:00', { description: 'Plan', billable: true }),
  ]
  expect(recentWork(entries, 9).map(({ description, billable }) => [description, billable])).toEqual([['Plan', false], ['Write', false], ['Plan', true]])
  expect(recentWork(entries, 1)).toHaveLength(1)
})
