// A field that is saved when it is left. What cannot be read or was refused stays as it was typed, and is not sent again by itself: a
// refused value might be taken later, when nobody expects it. Enter sends it again, Escape takes it back.
import { computed, ref, watch } from 'vue'

interface Field<V> {
  /** The stored value as text. */
  shown: () => string
  /** Nothing where it cannot be read. */
  parse: (typed: string) => V | undefined
  /** Answers whether it was saved. */
  save: (value: V) => Promise<boolean>
  /** The field's name, where what is wrong in it is to outlive the field: a long list drops rows that are out of sight. */
  keep?: string
}

export type TypedState = 'fine' | 'unreadable' | 'refused'

const kept = new Map<string, { text: string; state: TypedState; refused?: string }>()

/** What was wrong in these fields is settled otherwise. */
export const forgetTyped = (names: string[]) => names.forEach((name) => kept.delete(name))

export function useTypedField<V>({ shown, parse, save, keep }: Field<V>) {
  const before = keep === undefined ? undefined : kept.get(keep)
  const text = ref(before?.text ?? shown())
  const state = ref<TypedState>(before?.state ?? 'fine')
  const busy = ref(false)
  let refused = before?.refused

  function reset() {
    text.value = shown()
    state.value = 'fine'
    refused = undefined
    if (keep !== undefined) kept.delete(keep)
  }

  function setWrong(now: TypedState) {
    state.value = now
    if (keep !== undefined) kept.set(keep, { text: text.value, state: now, refused })
  }

  watch(shown, () => {
    if (!busy.value && state.value === 'fine') reset()
  })

  async function commit(again = false) {
    const typed = text.value.trim()
    // Each is sent once, though both Enter and the leaving of the field ask for it.
    if (busy.value || (!again && typed === refused)) return
    if (typed === shown().trim()) return reset()
    const value = parse(typed)
    if (value === undefined) return setWrong('unreadable')
    busy.value = true
    const isSaved = await save(value)
    busy.value = false
    if (isSaved) return reset()
    refused = typed
    setWrong('refused')
  }

  function onKeydown(event: KeyboardEvent) {
    if (event.isComposing) return
    if (event.key === 'Enter') void commit(true)
    else if (event.key === 'Escape' && (state.value !== 'fine' || text.value !== shown())) {
      reset()
      event.stopPropagation()
    }
  }

  return { text, state, busy, isWrong: computed(() => state.value !== 'fine'), reset, commit, leave: () => void commit(), onKeydown }
}
