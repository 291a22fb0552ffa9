// What is typed into the box: words, and in between `@project` and `#tag`. A name of several words stands in quotes. A sign is a mark
// only where a name that there is follows it: `issue #123` is words. `$` is one where it is chosen from the suggestions.

export interface Typed {
  description: string
  project?: string
  tags: string[]
}

export type Sign = '@' | '#'

const TOKEN = /(^|\s)([@#])(?:"([^"]+)"|([^\s"@#]+))(?=\s|$)/g

/** All that the text says. Of several projects the last one counts. */
export function parseBox(text: string, isName: (sign: Sign, name: string) => boolean): Typed {
  const typed: Typed = { description: '', tags: [] }
  const words = text.replace(TOKEN, (all, space: string, sign: Sign, quoted: string | undefined, plain: string | undefined) => {
    const name = (quoted ?? plain ?? '').trim()
    if (!isName(sign, name)) return all
    if (sign === '@') typed.project = name
    else if (!typed.tags.some((tag) => tag.toLowerCase() === name.toLowerCase())) typed.tags.push(name)
    return space
  })
  typed.description = typed.project === undefined && !typed.tags.length ? text.trim() : words.replace(/\s+/g, ' ').trim()
  return typed
}

export interface Token {
  sign: Sign | '$'
  /** What was typed of the name so far. */
  name: string
  start: number
  end: number
}

/** The `@…`, `#…` or `$` that is being typed where the caret is. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const found = /(?:^|\s)(?:([@#])("[^"]*|[^\s"]*)|(\$))$/.exec(text.slice(0, caret))
  if (!found) return undefined
  const typed = found[2] ?? ''
  return { sign: (found[1] ?? found[3]) as Token['sign'], name: typed.replace(/^"/, ''), start: caret - typed.length - 1, end: caret }
}

/** The text without the token, and without two spaces in its place. */
export function withoutToken(text: string, { start, end }: Pick<Token, 'start' | 'end'>): { text: string; caret: number } {
  const before = text.slice(0, start)
  const after = text.slice(end).replace(/^"/, '')
  const joined = before.endsWith(' ') || before === '' ? after.trimStart() : after
  return { text: before + joined, caret: start }
}
