// What ops make of the entries on the screen.
import { dropEntry, hideEntry, knownEntry, putEntry, showEntry } from '@/entries/cache'
import { rename } from '@/entries/names'
import { afterOp, deletes, idsOf, type Lasting, madeBy, type Op, type Outcome, sendable } from './ops'
import { waiting } from './waiting'

/** As it will be: for what waits. */
export function show(op: Lasting) {
  const entries = afterOp(op, knownEntry)
  entries.forEach((entry, index) => (deletes(op, index) ? hideEntry(entry.id) : showEntry(entry)))
  return entries
}

/** All that waits, over what was read or has been answered: that does not know of it yet. */
export const showWaiting = () => sendable(waiting.value).forEach(({ op }) => void show(op))

/** What came of it. */
export function take(op: Op, outcome: Outcome) {
  idsOf(op).forEach((id, index) => {
    const entry = outcome[index]
    if (entry && entry.id !== id) {
      hideEntry(id)
      rename(id, entry.id)
    }
  })
  outcome.forEach((entry, index) => entry && (deletes(op, index) ? dropEntry(entry.id) : putEntry(entry)))
  showWaiting()
}

/** As it was before: for what is not to be. */
export function unshow(op: Lasting) {
  if (op.do === 'create') return hideEntry(op.id)
  if (op.do === 'restore') return hideEntry(op.entry.id)
  const made = madeBy(op)
  const entries = op.do === 'bulk' ? op.entries : [op.entry]
  entries.forEach((entry) => (made.includes(entry.id) ? hideEntry(entry.id) : showEntry(entry)))
}
