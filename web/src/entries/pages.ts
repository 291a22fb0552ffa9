// The list as it is loaded: pages, newest first; and the entries of a span. A change is put into them, so nothing needs to be
// read again.
import type { TimeEntry } from '@/api/types'

export interface Page {
  items: TimeEntry[]
  next_cursor?: string | null
}

export const flat = (pages: Page[]): TimeEntry[] => pages.flatMap((page) => page.items)

export function without(pages: Page[], id: string): Page[] {
  return pages.map((page) => (page.items.some((item) => item.id === id) ? { ...page, items: page.items.filter((item) => item.id !== id) } : page))
}

/** With this entry in its place. One that is older than all that is loaded is left out, and so is an older version. */
export function withEntry(pages: Page[], entry: TimeEntry): Page[] {
  const known = flat(pages).find((item) => item.id === entry.id)
  if (known && known.version > entry.version) return pages
  const rest = without(pages, entry.id)
  const index = rest.findIndex(({ items, next_cursor }, number) => {
    const last = items.at(-1)
    return (last && last.start <= entry.start) || (number === rest.length - 1 && !next_cursor)
  })
  return rest.map((page, number) => {
    if (number !== index) return page
    const before = page.items.filter((item) => item.start > entry.start)
    return { ...page, items: [...before, entry, ...page.items.slice(before.length)] }
  })
}

export interface Span {
  from: string
  to: string
}

/** The entries of a span, the oldest first, with this one if it has time there. */
export function withinSpan(entries: TimeEntry[], entry: TimeEntry, { from, to }: Span): TimeEntry[] {
  const known = entries.find(({ id }) => id === entry.id)
  if (known && known.version > entry.version) return entries
  const rest = known ? entries.filter(({ id }) => id !== entry.id) : entries
  const isThere = entry.start < to && (!entry.end || entry.end > from)
  if (!isThere) return rest
  const before = rest.filter(({ start }) => start <= entry.start)
  return [...before, entry, ...rest.slice(before.length)]
}
