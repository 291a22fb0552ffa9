// Login at Keycloak: authorization code with PKCE. Tokens stay in memory; Keycloak's own cookie keeps the session.
// A session that cannot be refreshed is told (`expired`), never answered by a redirect, which would lose what was typed.
// Who was logged in here is `in` without a token until Keycloak answers, which without a network it does not.
import { readonly, ref, shallowRef } from 'vue'
import { away } from '@/api/network'
import { queryClient } from '@/api/queries'
import { forgetKnown } from '@/offline/known'
import { newKeycloak, OPTIONS, redirectUri } from './keycloak'
import { comeBackTo, remember } from './memory'
import { type Person, personOf } from './person'
import { finishPopup, loginInPopup } from './popup'
import { askQuietly } from './quiet'

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
  remember.loggedIn(person.value)
  renewInTime()
  waiting.splice(0).forEach((go) => go())
}

/** Nobody is logged in any more. A page that has only just opened, and that nobody has touched, has nothing to lose. */
function ended() {
  clearTimeout(timer)
  if (state.value === 'in' && (!opening || touched)) state.value = 'expired'
  else if (state.value === 'in' || state.value === 'starting') {
    remember.loggedOut()
    void forgetKnown()
    queryClient.clear()
    state.value = 'out'
  }
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
    // keycloak-js forgets the tokens that Keycloak refused, and keeps them when no answer came. One whose answer was lost on the
    // way is refused the next time, though the session is there still: Keycloak's cookie tells.
    if (!keycloak.refreshToken) await takeUp()
    if (keycloak.refreshToken && keycloak.token && !keycloak.isTokenExpired(Math.max(seconds, 0))) return true
    if (state.value === 'in') timer = setTimeout(() => void refresh(FRESH + 5), AGAIN)
    return false
  }
}

/** Until Keycloak has said whether the session of the one who was logged in here is there still. */
let opening = false
/** Whether somebody has done something in it meanwhile. (`navigator.userActivation` outlives a reload.) */
let touched = false
let asking: Promise<void> | undefined

/** Takes up the session that Keycloak has of this browser; says nothing where no answer comes. */
const takeUp = () => (asking ??= takeUpOnce().finally(() => (asking = undefined)))

async function takeUpOnce() {
  let found: Awaited<ReturnType<typeof askQuietly>>
  try {
    found = await askQuietly(keycloak)
  } catch {
    return
  }
  if (!found) return ended()
  become(found)
}

/** Goes on with this login. Of somebody before nothing may stay on the screen. */
function become(next: typeof keycloak) {
  const before = person.value?.id
  const now = personOf(next.tokenParsed)
  keycloak = next
  if (!before || now?.id === before) return loggedIn()
  remember.loggedIn(now)
  location.assign('/')
}

channel.onmessage = ({ data }: MessageEvent<string>) => {
  if (data !== 'logout') return
  void forgetKnown()
  ended()
}

// Timers sleep in a hidden page.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && state.value === 'in' && keycloak.token) void refresh(FRESH)
})

export const session = {
  state: readonly(state),
  person,

  /** Takes up a login that comes back from Keycloak, or a session that is there still. Answers whether the page is to be shown. */
  async start(): Promise<boolean> {
    if (await finishPopup(new URLSearchParams(location.search))) return false
    const known = remember.person()
    const comesBack = new URLSearchParams(location.search).has('state')
    if (await keycloak.init({ ...OPTIONS, redirectUri: redirectUri() }).catch(() => false)) loggedIn()
    else if (known && !comesBack) {
      // What is known of them is shown meanwhile; requests wait for the answer.
      person.value = known
      state.value = 'in'
      opening = true
      for (const deed of ['keydown', 'pointerdown']) addEventListener(deed, () => (touched = true), { capture: true, once: true })
      void takeUp().finally(() => (opening = false))
    } else ended()
    return true
  },

  login(path = location.pathname + location.search) {
    comeBackTo.set(path)
    return keycloak.login({ redirectUri: redirectUri(), locale: document.documentElement.lang, ...(remember.hasLeft() ? { prompt: 'login' } : {}) })
  },

  /** After the session has ended: in a window of its own, so that the page stays as it is. */
  async loginAgain() {
    const tokens = await loginInPopup(keycloak)
    const next = newKeycloak()
    await next.init({ ...OPTIONS, ...tokens })
    become(next)
  },

  async logout() {
    remember.loggedOut(away.value)
    channel.postMessage('logout')
    // The page that comes after this one does it too, should this one be gone too soon.
    void forgetKnown()
    if (away.value) location.assign('/')
    else await keycloak.logout({ redirectUri: redirectUri() })
  },

  /** An access token; waits for the next login when the session has ended. Throws where there is none and Keycloak does not answer. */
  async token(): Promise<string> {
    for (;;) {
      if (state.value === 'in' && !keycloak.token) await takeUp()
      if (state.value === 'in' && !keycloak.token) throw new Error('Keycloak does not answer')
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
