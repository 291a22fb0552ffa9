// How FullCalendar is set up: what it shows and allows, in our dress.
import type { CalendarOptions, PluginInput } from '@fullcalendar/vue3'
import interaction from '@fullcalendar/vue3/interaction'
import timeGrid from '@fullcalendar/vue3/timegrid'
import { i18n, region } from '@/app/i18n'
import { hourFormat } from '@/time/format'
import { myZone } from '@/time/myZone'
import { isBegun, isOver, placeOf, STEP } from './mapping'

/** Of an entry that a finger has taken: something to pull at. */
const HANDLE = 'h-4 after:absolute after:left-1/2 after:top-1 after:size-2.5 after:-translate-x-1/2 after:rounded-full after:bg-accent'

/** What is too short to be hit takes clicks from above it too, and is made longer by keys or in its dialog, as it has no room for edges. */
const SHORT = 'short-block relative after:absolute after:inset-x-0 after:bottom-0 after:-top-2'
const SHORTEST = 15 * 60_000

export const isShort = ({ start, end }: { start: Date | null; end: Date | null }) => !!start && !!end && end.getTime() - start.getTime() < SHORTEST

/** The hours and, fainter, their halves. */
const line = (minutes: number) => (minutes % 30 ? '' : `border-t border-line ${minutes % 60 ? 'border-dotted' : ''}`)

const steps = `00:${String(STEP).padStart(2, '0')}`

export const viewName = (view: 'week' | 'day') => (view === 'week' ? 'timeGridWeek' : 'timeGridDay')

// FullCalendar calls itself a grid, but nobody goes through its cells: it is heads of days with a button each, and entries
// that are buttons. So they are read out; and the hours, which scroll, can be reached with the keyboard.

function openHead({ el }: { el: HTMLElement }) {
  el.role = 'group'
  el.removeAttribute('aria-colspan')
  el.dataset.testid = 'head'
  el.querySelector('[aria-hidden]')?.removeAttribute('aria-hidden')
  el.querySelector<HTMLElement>(':scope > *')?.style.setProperty('width', '100%')
}

function openLane({ el }: { el: HTMLElement }) {
  el.role = 'none'
  el.dataset.testid = 'lane'
}

function openView({ el }: { el: HTMLElement }) {
  for (const part of [el, ...el.querySelectorAll<HTMLElement>('[role]')]) {
    if (!['grid', 'rowgroup', 'row', 'rowheader', 'gridcell'].includes(part.role ?? '')) continue
    part.role = 'none'
    for (const name of ['aria-label', 'aria-colcount']) part.removeAttribute(name)
  }
  const hours = el.querySelector<HTMLElement>('[style*="auto"]')
  if (hours) Object.assign(hours, { role: 'group', tabIndex: 0, ariaLabel: i18n.global.t('calendar.hours') })
}

/** FullCalendar would move an entry by the middle of the half hour at which it was taken: up to fifteen minutes off the pointer. */
const exact: PluginInput = {
  ...interaction,
  componentInteractions: interaction.componentInteractions?.map(
    (Kind) =>
      class extends Kind {
        constructor(settings: ConstructorParameters<typeof Kind>[0]) {
          super({ ...settings, useEventCenter: false })
        }
      },
  ),
}

/** It knows no zones: all that it is given are places (see mapping.ts), which are in UTC for it. */
export const base = (): CalendarOptions => ({
  plugins: [timeGrid, exact],
  timeZone: 'UTC',
  now: () => new Date(placeOf(Date.now(), myZone())),
  locale: region(),
  headerToolbar: false,
  allDaySlot: false,
  nowIndicator: true,
  scrollTime: '07:30',
  height: '100%',
  slotDuration: '00:30',
  snapDuration: steps,
  slotHeaderInterval: '01:00',
  slotHeaderFormat: hourFormat(),
  dayHeaderDidMount: openHead,
  dayLaneDidMount: openLane,
  viewDidMount: openView,
  // A quarter of an hour has room for a line. What is shorter is as high as it lasts: were it higher, it would push what comes after it
  // aside, though the two share no time.
  slotMinHeight: 34,
  eventMinHeight: 5,
  eventShortHeight: 50,
  // Side by side, never one over the other.
  slotEventOverlap: false,
  selectable: true,
  selectMirror: true,
  editable: true,
  eventResizableFromStart: true,
  eventInteractive: true,
  // Nobody can enter what has not been yet.
  selectAllow: ({ start }) => isBegun(start.getTime(), Date.now()),
  eventAllow: ({ end }) => isOver(end.getTime(), Date.now()),
  longPressDelay: 400,
  viewClass: 'rounded-xl border border-line bg-surface overflow-hidden',
  tableHeaderClass: 'border-b border-line',
  dayHeaderClass: 'border-line',
  dayHeaderInnerClass: 'w-full',
  slotLaneClass: ({ time }) => line((time?.milliseconds ?? 0) / 60_000),
  slotHeaderClass: 'justify-end border-line',
  slotHeaderInnerClass: 'figures px-2 text-xs text-muted',
  slotHeaderDividerClass: 'border-r border-line',
  dayLaneClass: ({ isToday, isFuture }) => `border-line not-first:border-l ${isToday ? 'bg-accent-soft/40' : isFuture ? 'bg-sunken' : ''}`,
  dayLaneInnerClass: 'mx-0.5',
  nowIndicatorLineClass: 'border-t-2 border-wrong',
  highlightClass: 'bg-accent-soft',
  columnEventClass: ({ event, isDragging, isMirror }) => `rounded-md ${isDragging || isMirror ? 'shadow-raised z-10' : isShort(event) ? SHORT : ''}`,
  columnEventInnerClass: 'min-h-0 overflow-hidden rounded-md',
  columnEventBeforeClass: ({ isStartResizable, isSelected }) => (isStartResizable ? `absolute inset-x-0 -top-1 ${isSelected ? HANDLE : 'h-2'}` : ''),
  columnEventAfterClass: ({ isEndResizable, isSelected }) => (isEndResizable ? `absolute inset-x-0 -bottom-1 ${isSelected ? HANDLE : 'h-2'}` : ''),
})
