// Short messages at the edge of the page; one that can be undone says so.
import { shallowReactive } from 'vue'
import { words, type Words } from '@/api/words'

export interface Toast {
  id: number
  kind: 'done' | 'wrong'
  title: string
  next?: string
  action?: { label: string; run: () => unknown }
  /** Until somebody acts on it or closes it. */
  stays?: boolean
}

/** Milliseconds that a message stays. */
const STAYS = { done: 8000, wrong: 12_000 }

export const toasts = shallowReactive<Toast[]>([])
let given = 0

export function dismiss(id: number) {
  const index = toasts.findIndex((toast) => toast.id === id)
  if (index >= 0) toasts.splice(index, 1)
}

/** What waits for another try is not hurried away. */
export const staysFor = ({ kind, action, stays }: Toast) => (stays ? Infinity : kind === 'wrong' && action ? 120_000 : STAYS[kind])

function show(toast: Omit<Toast, 'id'>) {
  toasts.push({ ...toast, id: ++given })
  // More than a few hide the page.
  if (toasts.length > 4) toasts.shift()
}

/** Says what was done; of several things at once, to what. */
export const tell = (said: string | { title: string; next: string }, action?: Toast['action'], stays = false) =>
  show({ kind: 'done', ...(typeof said === 'string' ? { title: said } : said), action, stays })

export const tellWrong = ({ title, next }: Words, action?: Toast['action']) => show({ kind: 'wrong', title, next, action })

/** Says what went wrong and what to do next. */
export const complain = (reason: unknown, action?: Toast['action']) => tellWrong(words(reason), action)
