// What people do to entries in the list. Each says what it did and can be taken back.
import { useI18n } from 'vue-i18n'
import { complain, tell } from '@/app/toasts'
import type { NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { duration } from '@/time/format'
import { iso } from '@/time/zone'
import { goOn } from '@/timer/timer'
import { knownEntry } from './cache'
import { changeAndTell } from './changeAndTell'
import type { Gap } from './days'
import { beforeOf } from './edit'
import { loadedEntries } from './list'
import { changeOf, copyOf, fieldsOf, freeSlot, merge, split } from './plans'
import { bulk, changeEntry, createEntry, deleteEntries, restoreEntries } from './writes'

export function useEntryActions() {
  const { t } = useI18n()

  /** Does it; a refusal is told. Answers what came of it. */
  async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (reason) {
      complain(reason)
      return undefined
    }
  }

  const undo = (work: () => Promise<unknown>) => ({ label: t('ui.undo'), run: () => tried(work) })
  const now = (entry: TimeEntry) => knownEntry(entry.id) ?? entry

  return {
    change: changeAndTell,

    /** A change that is told and can be taken back. */
    async alter(entry: TimeEntry, change: TimeEntryChange, said = t('entries.changed', 1)) {
      const before = beforeOf(entry, change)
      const done = await changeAndTell(entry, change)
      if (done) tell(said, undo(() => changeEntry(now(entry), before)))
      return done
    },

    continue: (entry: TimeEntry) => tried(() => goOn(entry)),

    async remove(entries: TimeEntry[]) {
      const done = await tried(async () => (await deleteEntries(entries), true))
      if (done) tell(t('entries.deleted', entries.length), undo(() => restoreEntries(entries)))
    },

    /** Each of them by its own change. */
    async changeAll(entries: TimeEntry[], change: (entry: TimeEntry) => TimeEntryChange) {
      const after = await tried(() => bulk(entries.map((entry) => changeOf(entry, change(entry)))))
      if (!after) return
      tell(
        t('entries.changed', entries.length),
        undo(() => bulk(entries.map((entry) => changeOf(now(entry), fieldsOf(entry))))),
      )
    },

    async split(entry: TimeEntry, at: number) {
      const after = await tried(() => bulk(split(entry, at)))
      const [first, second] = after ?? []
      if (!first || !second) return
      tell(
        t('entries.splitDone'),
        undo(() => bulk([{ action: 'delete', id: second.id, version: now(second).version }, changeOf(now(first), { end: entry.end })])),
      )
    },

    async merge(entries: TimeEntry[]) {
      const plan = merge(entries)
      if (!plan || !(await tried(() => bulk(plan.items)))) return
      const said = plan.gaps ? t('entries.mergedGaps', { length: duration(plan.gaps) }) : t('entries.merged')
      tell(
        said,
        undo(async () => {
          await changeEntry(now(plan.into), fieldsOf(plan.into))
          await restoreEntries(plan.gone)
        }),
      )
    },

    /** A copy at the first free time after it. Answers whether there was one. */
    async duplicate(entry: TimeEntry): Promise<boolean> {
      const from = freeSlot(entry, loadedEntries(), Date.now())
      if (from === undefined || !entry.end) return false
      await this.add(copyOf(entry, from, from + Date.parse(entry.end) - Date.parse(entry.start)), t('entries.duplicated'))
      return true
    },

    async add(entry: NewTimeEntry, said = t('entries.added')): Promise<TimeEntry | undefined> {
      const made = await tried(() => createEntry(entry))
      if (made) tell(said, undo(() => deleteEntries([now(made)])))
      return made
    },

    fill(gap: Gap) {
      return this.add({ start: iso(gap.start), end: iso(gap.end), zone: gap.zone }, t('entries.filled'))
    },

    /** Ends the earlier one where the later one starts. */
    trim: (other: TimeEntry, entry: TimeEntry) => tried(() => changeEntry(other, { end: entry.start })),
  }
}

export type EntryActions = ReturnType<typeof useEntryActions>
