// What is typed into the box: words, and in between `@project`, `#tag` and `$`. A name of several words stands in quotes.

export interface Typed {
  description: string
  project?: string
  tags: string[]
  billable: boolean
}

const TOKEN = /(^|\s)(?:([@#])(?:"([^"]+)"|([^\s"@#]+))|(\$))(?=\s|$)/g

/** All that the text says. Of several projects the last one counts. */
export function parseBox(text: string): Typed {
  const typed: Typed = { description: '', tags: [], billable: false }
  const words = text.replace(TOKEN, (_all, space: string, sign: string | undefined, quoted: string | undefined, plain: string | undefined, dollar: string | undefined) => {
    const name = (quoted ?? plain ?? '').trim()
    if (dollar) typed.billable = true
    else if (sign === '@') typed.project = name
    else if (!typed.tags.some((tag) => tag.toLowerCase() === name.toLowerCase())) typed.tags.push(name)
    return space
  })
  typed.description = words.replace(/\s+/g, ' ').trim()
  return typed
}

export interface Token {
  sign: '@' | '#'
  /** What was typed of the name so far. */
  name: string
  start: number
  end: number
}

/** The `@…` or `#…` that is being typed where the caret is. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const found = /(?:^|\s)([@#])("[^"]*|[^\s"]*)$/.exec(text.slice(0, caret))
  if (!found) return undefined
  const typed = found[2] ?? ''
  return { sign: found[1] as Token['sign'], name: typed.replace(/^"/, ''), start: caret - typed.length - 1, end: caret }
}

/** The text without the token, and without two spaces in its place. */
export function withoutToken(text: string, { start, end }: Pick<Token, 'start' | 'end'>): { text: string; caret: number } {
  const before = text.slice(0, start)
  const after = text.slice(end).replace(/^"/, '')
  const joined = before.endsWith(' ') || before === '' ? after.trimStart() : after
  return { text: before + joined, caret: start }
}
