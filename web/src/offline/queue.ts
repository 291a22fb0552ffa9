// The queue of what waits, in IndexedDB: each step is one transaction, so that a page that is closed in between loses nothing.
import { folded, idsOf, type Lasting, madeBy, type Op, type Outcome, rebased, sendable, shares, without } from './ops'
import { type Refusal, store, type Waiting } from './store'

/** All that waits, the oldest first. */
export const all = async (person: string): Promise<Waiting[]> => (await store()).getAllFromIndex('waiting', 'person', person)

/** Puts it at the end. Its entries may have got their ids since it was made. */
export async function put(person: string, op: Lasting, key: string, tried?: Op): Promise<void> {
  const step = (await store()).transaction(['waiting', 'given'], 'readwrite')
  for (const id of idsOf(op)) {
    const given = await step.objectStore('given').get(id)
    if (given) op = rebased(op, id, given)
  }
  // The database gives the place.
  await step.objectStore('waiting').add({ person, op, key, tried } as Waiting)
  await step.done
}

/** The first that can be sent. */
export const next = async (person: string): Promise<Waiting | undefined> => sendable(await all(person))[0]

/** It is done: what comes after it builds on what the API made of it. */
export async function answered(item: Waiting, outcome: Outcome): Promise<void> {
  const step = (await store()).transaction(['waiting', 'given'], 'readwrite')
  const waiting = step.objectStore('waiting')
  await waiting.delete(item.seq)
  const now = idsOf(item.op).flatMap((id, index) => (outcome[index] ? [{ ours: id, id: outcome[index].id, version: outcome[index].version }] : []))
  for (const given of now) if (given.ours !== given.id) await step.objectStore('given').put(given)
  for (const later of await waiting.index('person').getAll(item.person)) {
    await waiting.put({ ...later, op: now.reduce((op, given) => rebased(op, given.ours, given), later.op) })
  }
  // Nothing can speak of the old names any more.
  if (!(await waiting.count())) await step.objectStore('given').clear()
  await step.done
}

/** The API does not take it. With what was changed of it later it may: then it is tried as one. Answers what has become of it. */
export async function refused(item: Waiting, refusal: Refusal): Promise<Waiting> {
  const step = (await store()).transaction('waiting', 'readwrite')
  let { op } = item
  for (const later of await step.store.index('person').getAll(item.person)) {
    if (later.seq <= item.seq || !shares(op, later.op)) continue
    const both = folded(op, later.op)
    if (!both) break
    op = both
    await step.store.delete(later.seq)
  }
  const now: Waiting = { ...item, op, tried: undefined, refused: op === item.op ? refusal : undefined }
  await step.store.put(now)
  await step.done
  return now
}

/** Somebody has decided: it is sent in this form. */
export async function again(item: Waiting, op: Lasting): Promise<void> {
  await (await store()).put('waiting', { ...item, op, refused: undefined })
}

/** Somebody has decided: it is not wanted, nor what was done to an entry that is not made now. */
export async function drop(item: Waiting): Promise<void> {
  const step = (await store()).transaction('waiting', 'readwrite')
  await step.store.delete(item.seq)
  for (const later of await step.store.index('person').getAll(item.person)) {
    const op = madeBy(item.op).reduce<Lasting | undefined>((left, id) => left && without(left, id), later.op)
    if (op) await step.store.put({ ...later, op })
    else await step.store.delete(later.seq)
  }
  await step.done
}
