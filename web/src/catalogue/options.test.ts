import { expect, test } from 'vitest'
import { projectOptions, tagOptions } from './options'

const item = (id: string, name: string, more = {}) => ({ id, name, color: '#112233', archived: false, version: 1, created_at: '', created_by: '', updated_at: '', ...more })
const known = {
  projects: [item('p1', 'Big Atlas', { client_id: 'c' }), item('p2', 'Atlas'), item('p3', 'Old', { archived: true })],
  tasks: [item('t1', 'Design', { project_id: 'p2' }), item('t2', 'Gone', { project_id: 'p3' })],
  tags: [item('g1', 'Büro'), item('g2', 'deep work')],
  clientName: (id?: string | null) => (id === 'c' ? 'Néstlé' : undefined),
}
const names = (options: { name: string; create?: boolean }[]) => options.map(({ name, create }) => (create ? `+${name}` : name))

test('what begins so comes first, and what is not there is offered to be made', () => {
  expect(names(projectOptions(known, 'atl'))).toEqual(['Atlas', 'Big Atlas', 'Design', '+atl'])
  expect(names(projectOptions(known, 'ATLAS'))).toEqual(['Atlas', 'Big Atlas', 'Design'])
  expect(names(projectOptions(known, ''))).toEqual(['Big Atlas', 'Atlas'])
  expect(names(projectOptions(known, 'old'))).toEqual(['+old'])
})

test('clients, tasks and words without their accents are found', () => {
  expect(names(projectOptions(known, 'nestle'))).toEqual(['Big Atlas', '+nestle'])
  expect(projectOptions(known, 'design')[0]).toMatchObject({ project_id: 'p2', task_id: 't1', hint: 'Atlas' })
  expect(names(tagOptions(known, 'buro'))).toEqual(['Büro', '+buro'])
  expect(names(tagOptions(known, 'work deep'))).toEqual(['deep work', '+work deep'])
})
