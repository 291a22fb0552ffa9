import { expect, test } from 'vitest'
import { changesOf, isChanged } from './changes'

test('only fields that differ are changes', () => {
  const before = { name: 'Atlas', color: '#112233', tag_ids: ['a'], project_id: null as string | null }
  expect(changesOf(before, { ...before, tag_ids: ['a'] })).toEqual({})
  expect(changesOf(before, { ...before, name: 'Big Atlas', tag_ids: [] })).toEqual({ name: 'Big Atlas', tag_ids: [] })
  expect(isChanged(before, { ...before })).toBe(false)
  expect(isChanged(before, { ...before, project_id: 'p' })).toBe(true)
})
