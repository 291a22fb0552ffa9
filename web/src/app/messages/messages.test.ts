// Every text is there in every language, with the same gaps to fill, and every one is used.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Texts } from './byFolder'
import de from './de'
import en from './en'
import fr from './fr'

function flat(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === 'string' ? [[prefix + key, text] as const] : [...flat(text, `${prefix}${key}.`)],
    ),
  )
}

const source = new URL('../..', import.meta.url).pathname

async function code(): Promise<string> {
  const files = await readdir(source, { recursive: true })
  const read = files.filter((file) => /\.(ts|vue)$/.test(file) && !/locales\/|\.test\.ts$|schema\.d\.ts$/.test(file))
  return (await Promise.all(read.map((file) => readFile(join(source, file), 'utf8')))).join('\n')
}

const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

for (const [language, texts] of Object.entries({ fr, de })) {
  test(`${language} has every text of English, with the same gaps`, () => {
    const [ours, theirs] = [flat(texts), flat(en)]
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort())
    for (const [key, text] of theirs) {
      expect(ours.get(key)?.trim(), key).toBeTruthy()
      expect(new Set(gaps(ours.get(key) ?? '')), key).toEqual(new Set(gaps(text)))
      expect(ours.get(key)?.split(' | ').length, key).toBe(text.split(' | ').length)
    }
  })
}

test('every text is used, and every text that is used is there', async () => {
  const text = await code()
  const known = [...flat(en).keys()]
  // Keys made of parts are used as a whole: t(`app.theme.${name}`).
  const begun = [...text.matchAll(/`([a-z]+\.[\w.]*)\$\{/g)].map((match) => match[1] ?? '')
  const named = new Set([...text.matchAll(/['"`]([a-z]+(?:\.[\w-]+)+)['"`]/g)].map((match) => match[1] ?? ''))
  const unused = known.filter((key) => !named.has(key) && !begun.some((start) => key.startsWith(start)))
  expect(unused).toEqual([])
  const folders = new Set(Object.keys(en))
  const called = [...text.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g), ...text.matchAll(/title: '([a-z]+\.[\w.]+)'/g)].map((match) => match[1] ?? '')
  expect(called.filter((key) => folders.has(key.split('.')[0] ?? '') && !known.includes(key))).toEqual([])
  expect(called.filter((key) => !folders.has(key.split('.')[0] ?? ''))).toEqual([])
})
