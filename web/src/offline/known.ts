// What the app has read, kept in the browser for its next start: there is something to see at once, and without a network. It is
// of one person: whoever else logs in, or nobody any more, and it goes.
import { dehydrate, hydrate, type Query } from '@tanstack/vue-query'
import { keys, queryClient } from '@/api/queries'
import { store } from './store'

/** Milliseconds between two times of keeping. */
const REST = 1000
/** Milliseconds after which it is of no use. */
const OLD = 14 * 86_400_000
/** Another one leaves out what an older app has kept. */
const FORM = 1

const KEPT: unknown[] = [keys.me, keys.timer, keys.entries, keys.catalogue].map(([name]) => name)
const isKept = ({ queryKey, state }: Query) => state.data !== undefined && KEPT.includes(queryKey[0])

let stop: (() => void) | undefined

export async function forgetKnown() {
  stop?.()
  await store().then((db) => db.clear('known')).catch(() => undefined)
}

/** Takes up what is known of this person, and keeps it from now on. Without a database of the browser's nothing is known. */
export async function restoreKnown(person: string) {
  const db = await store().catch(() => undefined)
  if (!db) return
  for (const other of await db.getAllKeys('known')) if (other !== person) await db.delete('known', other)
  const known = await db.get('known', person)
  if (known?.form === FORM && Date.now() - known.at < OLD) hydrate(queryClient, known.state)

  let timer: ReturnType<typeof setTimeout> | undefined
  const keep = () => {
    timer = undefined
    void db.put('known', { form: FORM, at: Date.now(), state: dehydrate(queryClient, { shouldDehydrateQuery: isKept }) }, person)
  }
  const unsubscribe = queryClient.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && isKept(event.query)) timer ??= setTimeout(keep, REST)
  })
  stop = () => {
    unsubscribe()
    clearTimeout(timer)
  }
}
