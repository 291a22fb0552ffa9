// Login at Keycloak: authorization code with PKCE. Tokens stay in memory; Keycloak's own cookie keeps the session.
// A session that cannot be refreshed is told (`expired`), never answered by a redirect, which would lose what was typed.
import { readonly, ref, shallowRef } from 'vue'
import { newKeycloak, OPTIONS, redirectUri } from './keycloak'
import { comeBackTo, remember } from './memory'
import { type Person, personOf } from './person'
import { finishPopup, loginInPopup } from './popup'

/** Seconds that a token is good for at least when it is used, and before its end at which it is renewed. */
const FRESH = 30
/** Milliseconds after which a refresh that got no answer is tried again. */
const AGAIN = 10_000

export type State = 'starting' | 'out' | 'in' | 'expired'

let keycloak = newKeycloak()
const state = ref<State>('starting')
const person = shallowRef<Person>()
const channel = new BroadcastChannel('timetracker-session')
let timer: ReturnType<typeof setTimeout> | undefined
/** Who waits for the next login. */
let waiting: (() => void)[] = []

function loggedIn() {
  person.value = personOf(keycloak.tokenParsed)
  state.value = 'in'
  remember.session(true)
  renewInTime()
  waiting.splice(0).forEach((go) => go())
}

function expired() {
  clearTimeout(timer)
  if (state.value === 'in') state.value = 'expired'
}

function renewInTime() {
  clearTimeout(timer)
  const ends = (keycloak.tokenParsed?.exp ?? 0) * 1000 + (keycloak.timeSkew ?? 0) * 1000
  timer = setTimeout(() => void refresh(FRESH + 5), Math.max(ends - Date.now() - FRESH * 1000, 1000))
}

/** Answers whether the token is good for that many seconds now. */
async function refresh(seconds: number): Promise<boolean> {
  try {
    if (await keycloak.updateToken(seconds)) renewInTime()
    return true
  } catch {
    // keycloak-js forgets the tokens that Keycloak refused, and keeps them when no answer came.
    if (!keycloak.refreshToken) expired()
    else timer = setTimeout(() => void refresh(FRESH + 5), AGAIN)
    return false
  }
}

channel.onmessage = ({ data }: MessageEvent<string>) => {
  if (data === 'logout') expired()
}

// Timers sleep in a hidden page.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && state.value === 'in') void refresh(FRESH)
})

export const session = {
  state: readonly(state),
  person,

  /** Takes up a login that comes back from Keycloak, or a session that is there still. Answers whether the page is to be shown. */
  async start(): Promise<boolean> {
    if (await finishPopup(new URLSearchParams(location.search))) return false
    const path = location.pathname + location.search
    const wasIn = remember.session()
    const comesBack = new URLSearchParams(location.search).has('state')
    if (wasIn && !comesBack) comeBackTo.set(path)
    // Who was logged in here is asked for without a question; it ends with a redirect and no prompt.
    const init = { ...OPTIONS, redirectUri: redirectUri(), ...(wasIn && !comesBack ? { onLoad: 'check-sso' as const } : {}) }
    const ok = await keycloak.init(init).catch(() => false)
    if (ok) loggedIn()
    else {
      remember.session(false)
      state.value = 'out'
    }
    return true
  },

  login(path = location.pathname + location.search) {
    comeBackTo.set(path)
    return keycloak.login({ redirectUri: redirectUri(), locale: document.documentElement.lang })
  },

  /** After the session has ended: in a window of its own, so that the page stays as it is. */
  async loginAgain() {
    const tokens = await loginInPopup(keycloak)
    const before = person.value?.id
    keycloak = newKeycloak()
    await keycloak.init({ ...OPTIONS, ...tokens })
    // Somebody else: nothing of the one before may stay on the screen.
    if (before && personOf(keycloak.tokenParsed)?.id !== before) location.assign('/')
    else loggedIn()
  },

  async logout() {
    remember.session(false)
    channel.postMessage('logout')
    await keycloak.logout({ redirectUri: redirectUri() })
  },

  /** An access token; waits for the next login when the session has ended. */
  async token(): Promise<string> {
    for (;;) {
      if (state.value === 'in' && (await refresh(FRESH)) && keycloak.token) return keycloak.token
      // No answer from Keycloak, and the token may be good still: let the API decide.
      if (state.value === 'in' && keycloak.token) return keycloak.token
      await new Promise<void>((go) => waiting.push(go))
    }
  },

  /** A new token, whatever the clock says of the one that is there. */
  async renew(): Promise<void> {
    await refresh(-1)
  },
}
