// What waits of the one who is logged in, for the screen: the same in all windows.
import { computed, ref, shallowRef } from 'vue'
import { session } from '@/auth/session'
import { idsOf, type Lasting, type Op, type Outcome } from './ops'
import type { Waiting } from './store'

export const waiting = shallowRef<Waiting[]>([])
/** Whether something is being sent by this window. */
export const sending = ref(false)

/** What has happened to the queue: something was put into it, is done, or is not to be shown any more. */
export type News = { waits: Lasting } | { done: Op; outcome: Outcome } | { refused: Lasting }

const channel = new BroadcastChannel('timetracker-waiting')

let load: Promise<void> | undefined

async function read() {
  const person = session.person.value?.id
  waiting.value = person ? await (await import('./queue')).all(person) : []
}

/** When it is known what waits. Where the browser keeps nothing, nothing does. */
export const loaded = () => (load ??= read().catch(() => undefined))

/** After each change of the queue: here, and in the other windows. */
export async function tellAll(news: News) {
  channel.postMessage(news)
  await (load = read())
}

/** What another window says. */
export function listen(hear: (news: News) => void) {
  channel.onmessage = async ({ data }: MessageEvent<News>) => {
    await (load = read())
    hear(data)
  }
}

/** The entries that are not on the server as they are shown, and whether somebody has to decide about them. */
export const marks = computed(() => {
  const found = new Map<string, 'waits' | 'refused'>()
  for (const { op, refused } of waiting.value) {
    for (const id of idsOf(op)) if (found.get(id) !== 'refused') found.set(id, refused ? 'refused' : 'waits')
  }
  return found
})
