// What survives the way to Keycloak and back: never a token.
const SESSION = 'timetracker-session'
const PATH = 'timetracker-path'

export const remember = {
  /** Whether somebody was logged in here; with a value it is set. */
  session(there?: boolean): boolean {
    if (there === true) localStorage.setItem(SESSION, '1')
    if (there === false) localStorage.removeItem(SESSION)
    return localStorage.getItem(SESSION) !== null
  },
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
