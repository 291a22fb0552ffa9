// The timer: what runs, and what is done to it.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, read, write } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { NewTimer, TimeEntry, Timer } from '@/api/types'
import { dropEntry, putEntry } from '@/entries/cache'
import { iso, localZone } from '@/time/zone'
import type { Work } from './work'

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
  try {
    const stopped = await write((header) =>
      api.DELETE('/api/v1/timer', {
        params: { header: { ...header, 'If-Match': `"${entry.id}-${entry.version}"` }, query: end === undefined ? {} : { end: iso(end) } },
      }),
    )
    putEntry(stopped)
    return stopped
  } catch (reason) {
    putEntry(entry)
    void queryClient.invalidateQueries({ queryKey: keys.timer })
    throw reason
  }
}

/** Goes on with an entry; what runs is stopped in the same step. */
export async function goOn(entry: TimeEntry): Promise<void> {
  const { started, stopped } = await write((header) =>
    api.POST('/api/v1/time-entries/{id}/continue', { params: { path: { id: entry.id }, header } }),
  )
  if (stopped) putEntry(stopped)
  putEntry(started)
}

/** Deletes what runs. Answers it, for it can be restored. */
export async function discard(): Promise<TimeEntry | undefined> {
  const entry = current()
  if (!entry) return undefined
  const gone = await write((header) => api.POST('/api/v1/timer/discard', { params: { header } }))
  dropEntry(gone.id)
  return gone
}
