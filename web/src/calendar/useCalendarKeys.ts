// The keyboard in the calendar: from entry to entry, and moving one as an alternative to dragging (WCAG 2.5.7).
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCommands } from '@/app/commands'
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import type { EntryActions } from '@/entries/useEntryActions'
import { changed } from '@/entries/edit'
import { clock, dayHead } from '@/time/format'
import type { ShownDays } from '@/time/useShownDays'
import { wallOf } from '@/time/zone'
import { lengthenedBy, movedBy, placeOf, STEP } from './mapping'
import type { useNudges } from './useNudges'

interface Parts {
  root: Ref<HTMLElement | null>
  nudges: ReturnType<typeof useNudges>
  shown: ShownDays
  actions: EntryActions
}

const CHANGES: Record<string, (entry: TimeEntry) => TimeEntryChange> = {
  'Shift ArrowUp': (entry) => movedBy(entry, 0, -STEP),
  'Shift ArrowDown': (entry) => movedBy(entry, 0, STEP),
  'Shift ArrowLeft': (entry) => movedBy(entry, -1, 0),
  'Shift ArrowRight': (entry) => movedBy(entry, 1, 0),
  '+': (entry) => lengthenedBy(entry, STEP),
  '-': (entry) => lengthenedBy(entry, -STEP),
}

export function useCalendarKeys({ root, nudges, shown, actions }: Parts) {
  const { t } = useI18n()
  const said = ref('')
  /** What is being moved: it may come to stand in another column, and keeps the focus there. */
  let moving: string | undefined

  const focusedId = () => document.activeElement?.closest<HTMLElement>('[data-id]')?.dataset.id
  const blockOf = (id: string) => root.value?.querySelector<HTMLElement>(`[data-id="${id}"]`)
  const known = (id?: string) => nudges.shown.value.find((entry) => entry.id === id)

  /** The entries on the screen as they follow each other. */
  const order = () => nudges.shown.value.filter(({ id }) => blockOf(id)).map((entry) => ({ id: entry.id, at: placeOf(entry.start, entry.zone) })).sort((a, b) => a.at - b.at)

  function focus(id?: string) {
    const block = id ? blockOf(id) : undefined
    block?.focus({ preventScroll: true })
    block?.scrollIntoView({ block: 'nearest' })
  }

  function go(by: number) {
    const list = order()
    const index = list.findIndex(({ id }) => id === focusedId())
    focus(list[index < 0 ? (by > 0 ? 0 : list.length - 1) : index + by]?.id)
  }

  /** To the entry of the nearest day that side, at about the same time. */
  function goAside(by: number) {
    const list = order()
    const from = list.find(({ id }) => id === focusedId())
    if (!from) return
    const dayOf = (at: number) => Math.floor(at / 86_400_000)
    const aside = list.filter(({ at }) => (dayOf(at) - dayOf(from.at)) * by > 0)
    const near = Math.min(...aside.map(({ at }) => Math.abs(dayOf(at) - dayOf(from.at))))
    const distance = (at: number) => Math.abs((at % 86_400_000) - (from.at % 86_400_000))
    focus(aside.filter(({ at }) => Math.abs(dayOf(at) - dayOf(from.at)) === near).sort((a, b) => distance(a.at) - distance(b.at))[0]?.id)
  }

  function change(id: string, name: string) {
    const work = CHANGES[name]
    const shownNow = known(id)
    if (work && shownNow && Date.parse(changed(shownNow, work(shownNow)).end ?? shownNow.start) > Date.now()) return void (said.value = t('calendar.future'))
    const entry = work && nudges.nudge(id, work)
    if (!entry?.end) return
    moving = id
    const [start, end] = [wallOf(entry.start, entry.zone), wallOf(entry.end, entry.zone)]
    said.value = t('calendar.movedTo', { day: dayHead(start.day).full, start: clock(start.minutes), end: clock(end.minutes) })
    if (shown.days.value.includes(start.day)) return
    nudges.save()
    shown.go({ day: start.day })
  }

  function onKeydown(event: KeyboardEvent) {
    const id = (event.target as HTMLElement).dataset.id
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return
    const name = event.shiftKey && event.key.startsWith('Arrow') ? `Shift ${event.key}` : event.key
    const entry = known(id)
    if (CHANGES[name]) change(id, name)
    else if (name === 'ArrowDown' || name === 'ArrowUp') go(name === 'ArrowDown' ? 1 : -1)
    else if (name === 'ArrowLeft' || name === 'ArrowRight') goAside(name === 'ArrowRight' ? 1 : -1)
    else if (name === 'Delete' && entry) void actions.remove([entry])
    else return
    event.preventDefault()
  }

  const withFocused = (name: string) => () => {
    const id = focusedId()
    if (id) change(id, name)
  }
  const group = () => t('calendar.title')
  useCommands(() => [
    { id: 'calendar next', group: group(), title: t('calendar.keys.next'), keys: 'j', hidden: true, run: () => go(1) },
    { id: 'calendar before', group: group(), title: t('calendar.keys.before'), keys: 'k', hidden: true, run: () => go(-1) },
    { id: 'calendar move', group: group(), title: t('calendar.keys.move'), keys: 'Shift ArrowUp', hidden: true, run: withFocused('Shift ArrowUp') },
    { id: 'calendar longer', group: group(), title: t('calendar.keys.longer'), keys: '+', hidden: true, run: withFocused('+') },
    { id: 'calendar shorter', group: group(), title: t('calendar.keys.shorter'), keys: '-', hidden: true, run: withFocused('-') },
  ])

  return {
    said,
    onKeydown,
    /** FullCalendar has made a block. */
    mounted({ el, event, isMirror }: { el: HTMLElement; event: { id: string }; isMirror: boolean }) {
      if (isMirror) return
      el.dataset.id = event.id
      el.dataset.testid = 'block'
      if (event.id === moving && document.activeElement === document.body) el.focus()
    },
  }
}
