import { expect, test } from 'vitest'
import { parseBox, tokenAt, withoutToken } from './box'

test('names and money are taken out of the words', () => {
  expect(parseBox('Plan the week @Atlas #office $')).toEqual({ description: 'Plan the week', project: 'Atlas', tags: ['office'], billable: true })
  expect(parseBox('@"Big Atlas" plan  #"deep work" the #office week')).toEqual({ description: 'plan the week', project: 'Big Atlas', tags: ['deep work', 'office'], billable: false })
  expect(parseBox('$')).toEqual({ description: '', tags: [], billable: true })
  expect(parseBox('@a @b #x #X')).toEqual({ description: '', project: 'b', tags: ['x'], billable: false })
})

test('what only looks like it stays in the words', () => {
  for (const text of ['mail ann@example.org', 'C# and F#', '$5 for tea', 'US$', 'a @ b', 'issue #', '@"open']) {
    expect(parseBox(text)).toEqual({ description: text, tags: [], billable: false })
  }
})

test('the name at the caret is what is suggested for', () => {
  expect(tokenAt('plan @at', 8)).toEqual({ sign: '@', name: 'at', start: 5, end: 8 })
  expect(tokenAt('plan @atlas now', 8)).toEqual({ sign: '@', name: 'at', start: 5, end: 8 })
  expect(tokenAt('#', 1)).toEqual({ sign: '#', name: '', start: 0, end: 1 })
  expect(tokenAt('#"deep wo', 9)).toEqual({ sign: '#', name: 'deep wo', start: 0, end: 9 })
  for (const [text, caret] of [['ann@ex', 6], ['@at ', 4], ['plan', 4], ['@at', 0]] as const) expect(tokenAt(text, caret), text).toBeUndefined()
})

test('a name that was taken leaves no trace', () => {
  expect(withoutToken('plan @at now', { start: 5, end: 8 })).toEqual({ text: 'plan now', caret: 5 })
  expect(withoutToken('@at', { start: 0, end: 3 })).toEqual({ text: '', caret: 0 })
  expect(withoutToken('plan #"deep wo"', { start: 5, end: 14 })).toEqual({ text: 'plan ', caret: 5 })
})
