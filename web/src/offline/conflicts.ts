// What the API did not take: what was meant, what there is instead, and what somebody may decide.
import { Problem } from '@/api/problem'
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import { readAnew } from '@/entries/cache'
import { fieldsOf } from '@/entries/plans'
import { changed } from '@/entries/edit'
import { readEntry } from '@/entries/writes'
import { drain } from './drain'
import { afterOp, deletes, idsOf, type Lasting, madeBy, rebased, without } from './ops'
import { again, drop } from './queue'
import { unshow } from './show'
import type { Waiting } from './store'
import { tellAll } from './waiting'

export interface Conflict {
  mine: TimeEntry[]
  /** The entry as it is there, or the one that stands in the way; nothing where it is gone. */
  theirs?: TimeEntry
}

const isGone = (reason: unknown) => reason instanceof Problem && reason.status === 404
const newest = (id: string) => readEntry(id).catch((reason: unknown) => (isGone(reason) ? undefined : Promise.reject(reason as Error)))

/** The entries that it is about and that the API has had. */
const theirIds = (op: Lasting) => idsOf(op).filter((id) => !madeBy(op).includes(id))

export async function lookAt({ op, refused }: Waiting): Promise<Conflict> {
  const other = refused?.body['conflict']
  const id = typeof other === 'string' ? other : theirIds(op)[0]
  const theirs = id ? await newest(id) : undefined
  // What is deleted is shown as one saw it, what is changed as it would be now.
  return { mine: afterOp(op, (one) => (one === theirs?.id && !deletes(op, 0) ? theirs : undefined)), theirs }
}

/** Times can be mended where they are what is wrong. */
export const hasTimes = ({ op, refused }: Waiting) =>
  ['create', 'change'].includes(op.do) && ['overlap', 'timer-running', 'zero-length', 'too-long', 'in-the-future', 'invalid', 'locked'].includes(refused?.kind ?? '')

const withTimes = (op: Lasting, times: TimeEntryChange): Lasting => {
  if (op.do === 'create') return { ...op, entry: { ...op.entry, ...times } }
  return op.do === 'change' ? { ...op, change: { ...op.change, ...times } } : op
}

/** What is done to an entry that is gone makes it anew, and what deletes it has nothing left to do. */
function anew(op: Lasting, id: string): Lasting | undefined {
  if (op.do === 'change') return { do: 'create', id, entry: { ...fieldsOf(changed(op.entry, op.change)), start: op.change.start ?? op.entry.start } }
  return without(op, id)
}

/** Mine, on top of what there is now. */
export async function keepMine(item: Waiting, times: TimeEntryChange = {}) {
  let op: Lasting | undefined = withTimes(item.op, times)
  // What is to be restored is gone by its nature.
  for (const id of item.op.do === 'restore' ? [] : theirIds(item.op)) {
    const there = await newest(id)
    if (op) op = there ? rebased(op, id, there) : anew(op, id)
  }
  if (!op) return dropMine(item)
  await again(item, op)
  await tellAll({ waits: op })
  void drain()
}

/** What there is stays. */
export async function dropMine(item: Waiting) {
  await drop(item)
  unshow(item.op)
  await tellAll({ refused: item.op })
  void readAnew()
  void drain()
}
