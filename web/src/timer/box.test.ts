import { expect, test } from 'vitest'
import { parseBox, tokenAt, withoutToken } from './box'

const NAMES = ['@atlas', '@big atlas', '@a', '@b', '#office', '#deep work', '#x']
const parse = (text: string) => parseBox(text, (sign, name) => NAMES.includes(sign + name.toLowerCase()))

test('names that there are are taken out of the words', () => {
  expect(parse('Plan the week @Atlas #office')).toEqual({ description: 'Plan the week', project: 'Atlas', tags: ['office'] })
  expect(parse('@"Big Atlas" plan  #"deep work" the #office week')).toEqual({ description: 'plan the week', project: 'Big Atlas', tags: ['deep work', 'office'] })
  expect(parse('@a @b #x #X')).toEqual({ description: '', project: 'b', tags: ['x'] })
  expect(parse('#office #123')).toEqual({ description: '#123', tags: ['office'] })
})

test('all else stays in the words as it is', () => {
  for (const text of ['Fix bug #123 for 5 $ a piece', 'Ask @nobody', 'mail ann@example.org', 'C# and F#', '$5 for tea', 'US$', '$', 'a @ b', 'issue #', '@"open', 'two  spaces']) {
    expect(parse(text)).toEqual({ description: text, tags: [] })
  }
})

test('the name at the caret is what is suggested for', () => {
  expect(tokenAt('plan @at', 8)).toEqual({ sign: '@', name: 'at', start: 5, end: 8 })
  expect(tokenAt('plan @atlas now', 8)).toEqual({ sign: '@', name: 'at', start: 5, end: 8 })
  expect(tokenAt('#', 1)).toEqual({ sign: '#', name: '', start: 0, end: 1 })
  expect(tokenAt('#"deep wo', 9)).toEqual({ sign: '#', name: 'deep wo', start: 0, end: 9 })
  expect(tokenAt('plan $', 6)).toEqual({ sign: '$', name: '', start: 5, end: 6 })
  for (const [text, caret] of [['5$', 2], ['$ ', 2], ['$5', 2], ['ann@ex', 6], ['@at ', 4], ['plan', 4], ['@at', 0]] as const) expect(tokenAt(text, caret), text).toBeUndefined()
})

test('a name that was taken leaves no trace', () => {
  expect(withoutToken('plan @at now', { start: 5, end: 8 })).toEqual({ text: 'plan now', caret: 5 })
  expect(withoutToken('@at', { start: 0, end: 3 })).toEqual({ text: '', caret: 0 })
  expect(withoutToken('plan #"deep wo"', { start: 5, end: 14 })).toEqual({ text: 'plan ', caret: 5 })
})
