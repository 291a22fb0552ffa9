// What a person's first visit loads, read from the build as it is sent.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Bytes of JavaScript, compressed. */
const MOST = 200 * 1000

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

interface Chunk {
  file: string
  imports?: string[]
}

function sizeOf(file: string): number {
  return statSync(existsSync(`${dist}${file}.br`) ? `${dist}${file}.br` : dist + file).size
}

test('the first load is at most 200 kB of compressed JavaScript', () => {
  const path = `${dist}.vite/manifest.json`
  if (!existsSync(path)) throw new Error('there is no build: `npm run build`')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>
  const files = new Set<string>()
  const take = (name: string) => {
    const chunk = manifest[name]
    if (!chunk) throw new Error(`the build has no ${name}`)
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(take)
  }
  // The page itself, the list that it opens with, and the language with the longest texts.
  for (const name of ['index.html', 'src/entries/EntriesPage.vue', 'src/app/messages/de.ts']) take(name)
  const total = [...files].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + sizeOf(file), 0)
  console.info(`first load: ${(total / 1000).toFixed(1)} kB of JavaScript in ${files.size} files`)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThanOrEqual(MOST)
})
