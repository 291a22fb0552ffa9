// What people do to entries in the list. Each says what it did and can be taken back.
import { useI18n } from 'vue-i18n'
import { complain, tell, tellWrong } from '@/app/toasts'
import type { NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { duration } from '@/time/format'
import { iso } from '@/time/zone'
import { goOn } from '@/timer/timer'
import { knownEntry } from './cache'
import { changeAndTell } from './changeAndTell'
import type { Gap } from './days'
import { beforeOf } from './edit'
import { loadedEntries } from './list'
import { changeOf, copyOf, freeSlot, merge, split } from './plans'
import { type Refusal, refusalOf, whenText } from './refusal'
import { bulk, changeEntry, createEntry, deleteEntries, restoreEntries } from './writes'

type Said = Parameters<typeof tell>[0]

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

  /** Does it; answers why it was refused, if it was. */
  const refused = (work: () => Promise<void>): Promise<Refusal | undefined> => work().then(() => undefined, refusalOf)

  const nameOf = (entry: TimeEntry) => entry.description || t('timer.noDescription')
  const undo = (work: () => Promise<unknown>) => ({ label: t('ui.undo'), run: () => tried(work) })
  const now = (entry: TimeEntry) => knownEntry(entry.id) ?? entry

  return {
    /** A change that is told and can be taken back. A refusal is for the caller to show. */
    async tryAlter(entry: TimeEntry, change: TimeEntryChange, said: Said = t('entries.changed', { name: nameOf(entry) })): Promise<Refusal | undefined> {
      const before = beforeOf(entry, change)
      return refused(async () => {
        await changeEntry(entry, change)
        tell(said, undo(() => changeEntry(now(entry), before)))
      })
    },

    /** The same where there is no place beside the entry for a refusal. */
    async alter(entry: TimeEntry, change: TimeEntryChange) {
      const before = beforeOf(entry, change)
      const done = await changeAndTell(entry, change)
      if (done) tell(t('entries.changed', { name: nameOf(entry) }), undo(() => changeEntry(now(entry), before)))
      return done
    },

    /** The change, and the other entry makes room for it, all or nothing. */
    async alterWithRoom(entry: TimeEntry, change: TimeEntryChange, other: TimeEntry, room: TimeEntryChange): Promise<Refusal | undefined> {
      const [before, otherBefore] = [beforeOf(entry, change), beforeOf(other, room)]
      return refused(async () => {
        await bulk([changeOf(now(other), room), changeOf(now(entry), change)])
        tell(t('entries.madeRoom', { name: nameOf(entry), other: nameOf(other) }), undo(() => bulk([changeOf(now(entry), before), changeOf(now(other), otherBefore)])))
      })
    },

    continue: (entry: TimeEntry) => tried(() => goOn(entry)),

    async remove(entries: TimeEntry[]) {
      const done = await tried(async () => (await deleteEntries(entries), true))
      const said = entries.length === 1 ? t('entries.deleted', { name: nameOf(entries[0]!) }) : t('entries.deletedMany', entries.length)
      if (done) tell(said, undo(() => restoreEntries(entries)))
    },

    /** Each of them by its own change. */
    async changeAll(entries: TimeEntry[], change: (entry: TimeEntry) => TimeEntryChange) {
      const plans = entries.map((entry) => ({ entry, made: change(entry) }))
      const after = await tried(() => bulk(plans.map(({ entry, made }) => changeOf(entry, made))))
      if (!after) return
      tell(
        entries.length === 1 ? t('entries.changed', { name: nameOf(entries[0]!) }) : t('entries.changedMany', entries.length),
        undo(() => bulk(plans.map(({ entry, made }) => changeOf(now(entry), beforeOf(entry, made))))),
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
      if (plan === 'too-long') return tellWrong({ title: t('entries.mergeTooLong'), next: t('entries.mergeTooLongNext') })
      if (!plan || !(await tried(() => bulk(plan.items)))) return
      const next = [
        plan.gaps ? t('entries.mergedGaps', { length: duration(plan.gaps) }) : '',
        plan.isWorkMixed ? t('entries.mergedWork') : '',
        plan.isBillableMixed ? t('entries.mergedBillable') : '',
      ]
      tell(
        { title: t('entries.merged'), next: next.filter(Boolean).join(' ') },
        undo(async () => {
          await changeEntry(now(plan.into), beforeOf(plan.into, plan.change))
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

    async add(entry: NewTimeEntry, title: string) {
      const refusal = await this.tryAdd(entry, title)
      if (refusal) tellWrong(refusal)
    },

    /** A refusal is for the caller to show. Of what is new it is told when it is. */
    tryAdd: (entry: NewTimeEntry, title: string, next?: string) =>
      refused(async () => {
        const made = await createEntry(entry)
        tell({ title, next: next ?? whenText(made) }, undo(() => deleteEntries([now(made)])))
      }),

    fill(gap: Gap) {
      return this.add({ start: iso(gap.start), end: iso(gap.end), zone: gap.zone }, t('entries.filled'))
    },

    /** Ends the earlier one where the later one starts. */
    trim: (other: TimeEntry, entry: TimeEntry) => tried(() => changeEntry(other, { end: entry.start })),
  }
}

export type EntryActions = ReturnType<typeof useEntryActions>
