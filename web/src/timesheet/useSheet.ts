// The sheet of a week: its lines, and what is done to them.
import { computed, reactive, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { complain, tell } from '@/app/toasts'
import type { TimeEntry } from '@/api/types'
import type { Words } from '@/api/words'
import { useCatalogue } from '@/catalogue/catalogue'
import { knownEntry } from '@/entries/cache'
import { changed } from '@/entries/edit'
import { readEntriesOf } from '@/entries/ranges'
import { useEntryActions } from '@/entries/useEntryActions'
import { clock, dayHead } from '@/time/format'
import { useNow } from '@/time/useNow'
import { daysFrom } from '@/time/week'
import { myZone } from '@/time/myZone'
import { type Day, plusDays, today, wallOf } from '@/time/zone'
import { type Cell, keyOf, type Line, type LineName, linesOf, nameOf, planOf } from './cells'

/** Lines without time yet, by the first day of their week: they stay while the page is open. */
const empty = reactive(new Map<Day, LineName[]>())

export function useSheet(days: Ref<Day[]>, entries: Ref<TimeEntry[]>) {
  const { t } = useI18n()
  const catalogue = useCatalogue()
  const actions = useEntryActions()
  const now = useNow()
  const minute = computed(() => Math.floor(now.value / 60_000) * 60_000)
  const first = computed(() => days.value[0] ?? '')

  const title = ({ project_id, task_id }: LineName) =>
    [project_id ? (catalogue.project(project_id)?.name ?? '…') : t('catalogue.noProject'), catalogue.task(task_id)?.name].filter(Boolean).join(' · ')

  const lines = computed(() => {
    const named = linesOf(entries.value, days.value, empty.get(first.value) ?? [], minute.value).map((line) => ({ ...line, title: title(line) }))
    // What has no project stands last.
    return named.sort((a, b) => Number(!a.project_id) - Number(!b.project_id) || a.title.localeCompare(b.title))
  })

  function addLines(names: LineName[]): LineName[] {
    const known = new Set(lines.value.map(({ key }) => key))
    const fresh = names.filter((name) => !known.has(keyOf(name)))
    if (fresh.length) empty.set(first.value, [...(empty.get(first.value) ?? []), ...fresh])
    return fresh
  }

  function dropLines(names: LineName[]) {
    const keys = new Set(names.map(keyOf))
    empty.set(first.value, (empty.get(first.value) ?? []).filter((name) => !keys.has(keyOf(name))))
  }

  async function copyLines() {
    try {
      const before = daysFrom(plusDays(first.value, -7), 7)
      const names = linesOf(await readEntriesOf(before), before, [], minute.value).map(nameOf)
      const fresh = addLines(names)
      if (fresh.length) tell(t('timesheet.copied', fresh.length), { label: t('ui.undo'), run: () => dropLines(fresh) })
      else tell(t(names.length ? 'timesheet.allThere' : 'timesheet.noneBefore'))
    } catch (reason) {
      complain(reason)
    }
  }

  const span = (start: string, end: string, zone: string) => ({ start: clock(wallOf(start, zone).minutes), end: clock(wallOf(end, zone).minutes) })

  /** Does what the typed seconds mean. Answers why not, where it does not. */
  async function type(line: Line, cell: Cell, seconds: number): Promise<Words | undefined> {
    const plan = planOf(cell, line, seconds, entries.value, myZone(), Date.now())
    const place = t('timesheet.cell', { name: title(line), day: dayHead(cell.day).full })
    // The line stays when its last entry goes.
    if (plan.do !== 'nothing' && plan.do !== 'full') keep(line)
    switch (plan.do) {
      case 'nothing':
        return undefined
      case 'full':
        return cell.day === today(myZone()) ? { title: t('timesheet.fullToday'), next: t('timesheet.future') } : { title: t('timesheet.full'), next: t('timesheet.fullNext') }
      case 'delete':
        return void (await actions.remove([plan.entry]))
      case 'add': {
        return actions.tryAdd(plan.entry, place, t('timesheet.entered', span(plan.entry.start, plan.entry.end, myZone())))
      }
      case 'change': {
        const after = changed(knownEntry(plan.entry.id) ?? plan.entry, plan.change)
        return actions.tryAlter(plan.entry, plan.change, { title: place, next: t('timesheet.entered', span(after.start, after.end ?? after.start, after.zone)) })
      }
    }
  }

  function keep(line: Line) {
    const kept = empty.get(first.value) ?? []
    if (!kept.some((name) => keyOf(name) === line.key)) empty.set(first.value, [...kept, nameOf(line)])
  }

  return { lines, addLines, dropLines, copyLines, type }
}
