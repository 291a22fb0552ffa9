// What survives the way to Keycloak and back: never a token.
import type { Person } from './person'

const PERSON = 'timetracker-person'
const LEFT = 'timetracker-left'
const PATH = 'timetracker-path'

export const remember = {
  /** Who was logged in here. */
  person(): Person | undefined {
    try {
      return JSON.parse(localStorage.getItem(PERSON) ?? 'null') as Person
    } catch {
      return undefined
    }
  },
  loggedIn(person: Person | undefined) {
    localStorage.setItem(PERSON, JSON.stringify(person))
    localStorage.removeItem(LEFT)
  },
  /** `alone`: Keycloak could not be told, so it has to ask for the password the next time. */
  loggedOut(alone = false) {
    localStorage.removeItem(PERSON)
    if (alone) localStorage.setItem(LEFT, '1')
  },
  hasLeft: () => localStorage.getItem(LEFT) !== null,
}

/** The page that somebody wanted before the login: Keycloak comes back to `/` only. */
export const comeBackTo = {
  set: (path: string) => sessionStorage.setItem(PATH, path),
  take(): string | undefined {
    const path = sessionStorage.getItem(PATH) ?? undefined
    sessionStorage.removeItem(PATH)
    return path?.startsWith('/') && !path.startsWith('//') ? path : undefined
  },
}
