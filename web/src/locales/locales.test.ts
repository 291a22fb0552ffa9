import { expect, test } from 'vitest'
import de from './de'
import en from './en'
import fr from './fr'

const keys = (messages: object, path = ''): string[] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : keys(value as object, `${path}${key}.`),
  )

test.each([
  ['fr', fr],
  ['de', de],
])('%s has every text that English has', (_, messages) => {
  expect(keys(messages)).toEqual(keys(en))
})
