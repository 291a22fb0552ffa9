// Writes a .br and a .gz beside each text file of the build, so that the server need not compress it for everybody.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(js|css|html|svg|json|webmanifest|txt)$/
/** Below this, in bytes, the headers weigh more than what is saved. */
const SMALLEST = 1024

const FORMS = [
  { ending: '.br', pack: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }) },
  { ending: '.gz', pack: (content: Buffer) => promisify(gzip)(content, { level: 9 }) },
]

async function pack(file: string) {
  const content = await readFile(file)
  if (content.length < SMALLEST) return
  await Promise.all(
    FORMS.map(async ({ ending, pack }) => {
      const packed = await pack(content)
      if (packed.length < content.length) await writeFile(file + ending, packed)
    }),
  )
}

export function precompress(): Plugin {
  return {
    name: 'timetracker:precompress',
    apply: 'build',
    writeBundle: {
      sequential: true,
      order: 'post',
      async handler({ dir = 'dist' }) {
        const entries = await readdir(dir, { recursive: true, withFileTypes: true })
        const files = entries.filter((entry) => entry.isFile() && TEXT.test(entry.name))
        await Promise.all(files.map((entry) => pack(join(entry.parentPath, entry.name))))
      },
    },
  }
}
