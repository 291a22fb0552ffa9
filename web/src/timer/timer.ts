// The timer: what runs, and what is done to it.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, read } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { TimeEntry, Timer } from '@/api/types'
import { knownEntry, putEntry } from '@/entries/cache'
import { inTurn, settled } from '@/entries/writes'
import { deliver } from '@/offline/deliver'
import { newId } from '@/offline/ops'
import { myZone } from '@/time/myZone'
import { iso } from '@/time/zone'
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
  const before = current()
  if (before) await settled(before.id)
  const outcome = await deliver({ do: 'start', id: newId(), work: { ...work, zone: myZone() }, stops: current() })
  return outcome.at(-1) as TimeEntry
}

/** Stops what runs, now or when it really ended. */
export async function stop(end?: number): Promise<TimeEntry | undefined> {
  const entry = current()
  if (!entry) return undefined
  putEntry({ ...entry, end: iso(end ?? Math.max(Date.now(), Date.parse(entry.start) + 1000)) })
  // After a change of its words that is still under way, which makes a new version.
  return inTurn(entry.id, async () => {
    const { id, version } = current() ?? knownEntry(entry.id) ?? entry
    const running = { ...entry, id, version }
    try {
      const [stopped] = await deliver({ do: 'stop', entry: running, end: end === undefined ? undefined : iso(end) })
      return stopped
    } catch (reason) {
      putEntry(running)
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
  const [gone] = await deliver({ do: 'discard', entry: current() ?? entry })
  return gone
}
