// The timer: what runs, and what is done to it.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, read, write } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { NewTimer, TimeEntry, Timer } from '@/api/types'
import { dropEntry, knownEntry, putEntry } from '@/entries/cache'
import { inTurn, settled } from '@/entries/writes'
import { iso, localZone } from '@/time/zone'
import { type Work, workOf } from './work'

export function useTimer() {
  const { data, isFetched } = useQuery({ queryKey: keys.timer, queryFn: () => read(api.GET('/api/v1/timer')), refetchOnWindowFocus: 'always' })
  return {
    running: computed(() => data.value?.entry ?? undefined),
    reminder: computed(() => data.value?.forgotten ?? undefined),
    known: isFetched,
  }
}

const current = () => queryClient.getQueryData<Timer>(keys.timer)?.entry ?? undefined

/** Starts this; what runs is stopped in the same step. */
export async function start(work: Work): Promise<TimeEntry> {
  const body: NewTimer = { ...work, zone: localZone() }
  const before = current()
  if (!before) {
    const started = await write((header) => api.POST('/api/v1/timer', { params: { header }, body }))
    putEntry(started)
    return started
  }
  await settled(before.id)
  const { started, stopped } = await write((header) => api.POST('/api/v1/timer/switch', { params: { header }, body }))
  if (stopped) putEntry(stopped)
  putEntry(started)
  return started
}

/** Stops what runs, now or when it really ended. */
export async function stop(end?: number): Promise<TimeEntry | undefined> {
  const entry = current()
  if (!entry) return undefined
  putEntry({ ...entry, end: iso(end ?? Math.max(Date.now(), Date.parse(entry.start) + 1000)) })
  // After a change of its words that is still under way, which makes a new version.
  return inTurn(entry.id, async () => {
    const { id, version } = current() ?? knownEntry(entry.id) ?? entry
    try {
      const params = { query: end === undefined ? {} : { end: iso(end) } }
      const stopped = await write((header) =>
        api.DELETE('/api/v1/timer', { params: { ...params, header: { ...header, 'If-Match': `"${id}-${version}"` } } }),
      )
      putEntry(stopped)
      return stopped
    } catch (reason) {
      putEntry({ ...entry, version })
      void queryClient.invalidateQueries({ queryKey: keys.timer })
      throw reason
    }
  })
}

/** Goes on with an entry, by the clock of where one is now; what runs is stopped in the same step. */
export const goOn = (entry: TimeEntry): Promise<TimeEntry> => start(workOf(entry))

/** Deletes what runs. Answers it, for it can be restored. */
export async function discard(): Promise<TimeEntry | undefined> {
  const entry = current()
  if (!entry) return undefined
  await settled(entry.id)
  const gone = await write((header) => api.POST('/api/v1/timer/discard', { params: { header } }))
  dropEntry(gone.id)
  return gone
}
