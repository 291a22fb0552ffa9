// The way of every change of an entry: to the API, or where there is none to be reached into the queue.
import { write } from '@/api/client'
import { away } from '@/api/network'
import { Problem } from '@/api/problem'
import type { TimeEntry } from '@/api/types'
import { session } from '@/auth/session'
import { lasting, type Op, type Outcome, shares } from './ops'
import { send } from './send'
import { show, take } from './show'
import { loaded, tellAll, waiting } from './waiting'

/** No answer came, or one of the gateway's that nobody is there: it may wait. */
const mayWait = (reason: unknown) => reason instanceof Problem && ['offline', 'unavailable'].includes(reason.kind)

/** What is sent goes behind all that waits, and behind what it builds on. */
const isFree = (op: Op) => !away.value && waiting.value.every((item) => item.refused && !shares(item.op, op))

/** Answers the entries as they are now, in the order of `idsOf`, or as they will be when it is sent. */
export async function deliver(op: Op): Promise<Outcome> {
  const now = Date.now()
  const key = crypto.randomUUID()
  await loaded()
  if (!isFree(op)) return hold(op, now, key)
  try {
    const outcome = await send(op, (request) => write(request, key))
    take(op, outcome)
    return outcome
  } catch (reason) {
    if (mayWait(reason)) return hold(op, now, key, op)
    throw reason
  }
}

/** What comes from a form is watched by Vue, and cannot be kept or told as it is. */
const plain = <T>(value: T) => value && (JSON.parse(JSON.stringify(value)) as T)

async function hold(op: Op, now: number, key: string, tried?: Op): Promise<TimeEntry[]> {
  const kept = plain(lasting(op, now))
  await (await import('./queue')).put(session.person.value?.id ?? '', kept, key, plain(tried))
  const entries = show(kept)
  await tellAll({ waits: kept })
  void (await import('./drain')).drain()
  return entries
}
