// Sends what waits, in order, each under its own idempotency key, from one window at a time.
import { read } from '@/api/client'
import { Problem } from '@/api/problem'
import { session } from '@/auth/session'
import { readAnew } from '@/entries/cache'
import type { Outcome } from './ops'
import { answered, next, refused } from './queue'
import { send } from './send'
import { take, unshow } from './show'
import type { Waiting } from './store'
import { sending, tellAll } from './waiting'

/** Milliseconds before the next try: after each failure more. */
const SOON = 2000
const LATEST = 60_000

let wait = SOON
let timer: ReturnType<typeof setTimeout> | undefined
let busy = false
let asked = false

/** Sends all that can be sent. */
export async function drain() {
  asked = true
  if (busy) return
  busy = true
  clearTimeout(timer)
  while (asked) {
    asked = false
    await navigator.locks.request('timetracker-sending', sendAll)
  }
  busy = false
}

async function sendAll() {
  const person = session.person.value?.id
  if (!person) return
  let done = 0
  try {
    for (let item = await next(person); item; item = await next(person)) {
      sending.value = true
      await sendOne(item)
      wait = SOON
      done++
    }
  } catch (reason) {
    const seconds = reason instanceof Problem ? reason.retryAfter : undefined
    timer = setTimeout(() => void drain(), seconds ? seconds * 1000 : wait)
    wait = Math.min(wait * 2, LATEST)
  } finally {
    sending.value = false
  }
  // What was read meanwhile may be of before.
  if (done) void readAnew()
}

/** Sends it, or puts it among those that somebody has to decide about. Throws what may pass. */
async function sendOne(item: Waiting) {
  try {
    const outcome = await attempt(item)
    await answered(item, outcome)
    await tellAll({ done: item.op, outcome })
    take(item.op, outcome)
  } catch (reason) {
    if (!(reason instanceof Problem) || reason.passing || reason.status === 401) throw reason
    const now = await refused(item, { kind: reason.kind, status: reason.status, body: reason.body })
    if (now.refused) unshow(item.op)
    await tellAll(now.refused ? { refused: item.op } : { waits: now.op })
  }
}

async function attempt({ op, key, tried }: Waiting): Promise<Outcome> {
  const once = (what: Parameters<typeof send>[0]) => send(what, (request) => read(request({ 'Idempotency-Key': key })))
  try {
    return await once(op)
  } catch (reason) {
    // It arrived when it was tried first, and only the answer was lost: under the same key it is answered again.
    if (tried && reason instanceof Problem && reason.kind === 'key-reused') return once(tried)
    throw reason
  }
}
