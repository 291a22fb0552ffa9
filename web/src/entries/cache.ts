// What is known of one's entries, kept right by one's own changes and by those that `live` tells of.
import { keys, queryClient } from '@/api/queries'
import type { TimeEntry, Timer } from '@/api/types'
import { listKey, loadedEntries, type Pages } from './list'
import { idNow } from './names'
import { type Page, withEntry, without } from './pages'
import { dropFromRanges, knownInRanges, putIntoRanges, rangeKey } from './ranges'

/** Milliseconds after which the reports have surely heard of a change. */
const REPORTED = 1500

/** As it is known now. */
export function knownEntry(id: string): TimeEntry | undefined {
  const now = idNow(id)
  return loadedEntries().find((entry) => entry.id === now) ?? knownInRanges(now)
}

let later: ReturnType<typeof setTimeout> | undefined

function tellReports() {
  clearTimeout(later)
  later = setTimeout(() => void queryClient.invalidateQueries({ queryKey: keys.reports }), REPORTED)
}

const setPages = (change: (pages: Page[]) => Page[]) =>
  queryClient.setQueryData<Pages>(listKey, (data) => data && { ...data, pages: change(data.pages) })

function setTimer(change: (timer: Timer) => Timer) {
  if (!queryClient.getQueryData(keys.timer)) return
  // What is being read now may be of before the change.
  void queryClient.cancelQueries({ queryKey: keys.timer })
  queryClient.setQueryData<Timer>(keys.timer, (timer) => timer && change(timer))
}

/** On the screen only. */
export function showEntry(entry: TimeEntry) {
  setPages((pages) => withEntry(pages, entry))
  putIntoRanges(entry)
  setTimer((timer) => {
    const known = timer.entry
    if (known?.id === entry.id && known.version > entry.version) return timer
    if (!entry.end) return { ...timer, entry, forgotten: known?.id === entry.id && known.start === entry.start ? timer.forgotten : null }
    return known?.id === entry.id ? { entry: null, forgotten: null } : timer
  })
}

/** An entry that is new or has changed. */
export function putEntry(entry: TimeEntry) {
  showEntry(entry)
  // When it counts as forgotten is the API's to say.
  if (!entry.end && !queryClient.getQueryData<Timer>(keys.timer)?.forgotten) void queryClient.invalidateQueries({ queryKey: keys.timer })
  tellReports()
}

export function hideEntry(id: string) {
  setPages((pages) => without(pages, id))
  dropFromRanges(id)
  setTimer((timer) => (timer.entry?.id === id ? { entry: null, forgotten: null } : timer))
}

export function dropEntry(id: string) {
  hideEntry(id)
  tellReports()
}

/** After something that cannot be told entry by entry. */
export async function readAnew() {
  // The first page only: the others come when they are looked at.
  queryClient.setQueryData<Pages>(listKey, (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) })
  await Promise.all([listKey, rangeKey, keys.timer].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  tellReports()
}
