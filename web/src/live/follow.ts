// What changes elsewhere, in another window or by another program, shows here: the API's stream of one's changes, taken
// up again where it ended.
import { api } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { TimeEntry } from '@/api/types'
import { session } from '@/auth/session'
import { keyOf, type Kind } from '@/catalogue/catalogue'
import { dropEntry, knownEntry, putEntry, readAnew } from '@/entries/cache'
import { lengthOf } from '@/entries/edit'
import { eventsOf, type StreamEvent } from './events'

/** Milliseconds before the stream is asked for again: after its end, and after each failure more. */
const SOON = 300
const LATEST = 15_000

type State = Pick<TimeEntry, 'start' | 'end' | 'zone' | 'description' | 'project_id' | 'task_id' | 'tag_ids' | 'billable'>

interface Change {
  type: string
  subject: string
  version: number
  at: string
  after: State | null
}

const KINDS: Record<string, Kind> = { project: 'projects', client: 'clients', task: 'tasks', tag: 'tags' }

function entryOf({ subject, version, at, after }: Change & { after: State }): TimeEntry {
  const created_at = knownEntry(subject)?.created_at ?? at
  return { ...after, id: subject, version, seconds: lengthOf(after), created_at, updated_at: at, user_id: session.person.value?.id ?? '' }
}

export function take(change: Change) {
  const [what = ''] = change.type.split('.')
  if (what === 'time_entry') {
    // The echo of one's own change, which the next one may have gone beyond on the screen.
    const known = knownEntry(change.subject)
    if (change.after && known && known.version >= change.version) return
    if (change.after) putEntry(entryOf({ ...change, after: change.after }))
    else dropEntry(change.subject)
  } else if (KINDS[what]) {
    void queryClient.invalidateQueries({ queryKey: keyOf(KINDS[what]) })
  } else if (what === 'user') {
    void queryClient.invalidateQueries({ queryKey: keys.me })
  }
}

/** Follows until `signal` says no. */
export async function follow(signal: AbortSignal) {
  let last: string | undefined
  let wait = SOON
  while (!signal.aborted) {
    try {
      const header = last === undefined ? {} : { 'Last-Event-ID': last }
      const { data, response } = await api.GET('/api/v1/live', { params: { header }, parseAs: 'stream', signal })
      if (!response.ok || !data) throw new Error(`the stream answered ${response.status}`)
      // What changed before the stream began is not in it.
      if (last === undefined) void readAnew()
      wait = SOON
      for await (const event of eventsOf(data)) {
        last = event.id ?? last
        takeEvent(event)
      }
    } catch {
      wait = Math.min(wait * 2, LATEST)
    }
    await pause(wait, signal)
  }
}

function takeEvent({ data }: StreamEvent) {
  if (data) take(JSON.parse(data) as Change)
}

/** Waits so long, or until the network is back. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const over = () => {
      clearTimeout(timer)
      removeEventListener('online', over)
      done()
    }
    const timer = setTimeout(over, milliseconds)
    addEventListener('online', over)
    signal.addEventListener('abort', over, { once: true })
  })
}
