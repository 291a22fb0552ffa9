// What can be done here, by name: pages add their commands while they are open. The palette (Ctrl/⌘ K) lists them, a
// key or two start them, and the help page (?) tells which.
import { computed, onBeforeUnmount, shallowReactive, type Component } from 'vue'

export interface Command {
  id: string
  title: string
  group: string
  icon?: Component
  /** A key, or two after each other: `n`, `g p`. Not heard while somebody types. */
  keys?: string
  /** Only by its key, not in the palette. */
  hidden?: boolean
  run: () => void
}

const sources = shallowReactive(new Set<() => Command[]>())

/** Adds commands for as long as the component is there. */
export function useCommands(list: () => Command[]) {
  sources.add(list)
  onBeforeUnmount(() => sources.delete(list))
}

export const commands = computed(() => [...sources].flatMap((list) => list()))

/** Milliseconds within which the second key has to follow. */
const TOGETHER = 1000

/** Whether keys pressed there are text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
}

/** Starts commands by their keys; answers how to stop. */
export function listenForKeys(): () => void {
  let first = ''
  let at = 0
  const hear = (event: KeyboardEvent) => {
    const key = event.key === ' ' ? 'space' : event.key
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    // A dialog or a menu keeps its keys to itself.
    if (document.querySelector('[role=dialog], [role=menu]')) return
    const isSecond = first !== '' && event.timeStamp - at < TOGETHER
    const wanted = isSecond ? `${first} ${key}` : key
    const found = commands.value.find(({ keys }) => keys === wanted)
    // After the first of two keys the next one is never a command of its own: `g d` goes nowhere, and discards nothing.
    first = !isSecond && !found && commands.value.some(({ keys }) => keys?.startsWith(`${key} `)) ? key : ''
    at = event.timeStamp
    if (found || isSecond) event.preventDefault()
    found?.run()
  }
  document.addEventListener('keydown', hear)
  return () => document.removeEventListener('keydown', hear)
}
