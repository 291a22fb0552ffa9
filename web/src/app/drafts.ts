// What is being typed and is not saved yet, kept in this browser for each person: a reload or a crash loses nothing. It goes when it is
// saved or discarded.
import { watch } from 'vue'
import { session } from '@/auth/session'

/** The draft of new time. */
export const NEW_ENTRY = 'entry'

const placeOf = (name: string) => `timetracker-draft-${session.person.value?.id ?? ''}-${name}`

export function readDraft<T extends object>(name: string): T | undefined {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(placeOf(name)) ?? 'null')
    return typeof draft === 'object' && draft ? (draft as T) : undefined
  } catch {
    return undefined
  }
}

/** Keeps what `draft` answers, and nothing where that is nothing. Answers how to discard it: what is typed later is not kept then. */
export function keepDraft(name: string, draft: () => object | undefined): () => void {
  // The person may not be the same any more when it goes.
  const place = placeOf(name)
  const stop = watch(
    () => JSON.stringify(draft()),
    (text) => (text === undefined ? localStorage.removeItem(place) : localStorage.setItem(place, text)),
  )
  return () => {
    stop()
    localStorage.removeItem(place)
  }
}
