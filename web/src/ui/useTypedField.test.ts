import { expect, test } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useTypedField } from './useTypedField'

function field(keep?: string) {
  const shown = ref('1:00')
  const sent: string[] = []
  const taken = { value: false }
  const save = async (value: string) => {
    sent.push(value)
    if (taken.value) shown.value = value
    return taken.value
  }
  const typed = effectScope(true).run(() => useTypedField({ shown: () => shown.value, parse: (text) => (/^\d/.test(text) ? text : undefined), save, keep }))!
  return { ...typed, shown, sent, taken }
}

test('what was refused stays, and only Enter sends it again', async () => {
  const one = field()
  one.text.value = '2:00'
  await one.commit()
  expect([one.sent, one.text.value, one.state.value]).toEqual([['2:00'], '2:00', 'refused'])
  await one.commit()
  expect(one.sent).toEqual(['2:00'])
  one.shown.value = '1:30'
  await nextTick()
  expect(one.text.value).toBe('2:00')
  one.taken.value = true
  await one.commit(true)
  expect([one.sent, one.text.value, one.state.value]).toEqual([['2:00', '2:00'], '2:00', 'fine'])
})

test('what was refused outlives the field, until it is taken back', async () => {
  const one = field('cell')
  one.text.value = '2:00'
  await one.commit()
  const again = field('cell')
  expect([again.text.value, again.state.value]).toEqual(['2:00', 'refused'])
  await again.commit()
  expect(again.sent).toEqual([])
  again.reset()
  expect(field('cell').text.value).toBe('1:00')
})

test('what cannot be read is not sent, and what is as before neither', async () => {
  const one = field()
  one.text.value = 'later'
  await one.commit()
  expect([one.sent, one.text.value, one.state.value]).toEqual([[], 'later', 'unreadable'])
  one.text.value = ' 1:00 '
  await one.commit()
  expect([one.sent, one.text.value, one.state.value]).toEqual([[], '1:00', 'fine'])
})
