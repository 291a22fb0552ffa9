// A login in a window of its own. That window has no `opener` (our pages and Keycloak's differ in
// Cross-Origin-Opener-Policy), so it tells the page what it got through a channel, which reaches pages of our origin only.
import type Keycloak from 'keycloak-js'
import type { KeycloakInitOptions } from 'keycloak-js'
import { newKeycloak, OPTIONS, redirectUri } from './keycloak'

const MARK = 'timetracker-popup-'
const CHANNEL = 'timetracker-popup'

type Tokens = Required<Pick<KeycloakInitOptions, 'token' | 'refreshToken' | 'idToken'>>
interface Told {
  state: string
  tokens?: Tokens
}

/** The window was closed or could not be opened. */
export class LoginNotDone extends Error {}

export async function loginInPopup(keycloak: Keycloak): Promise<Tokens> {
  // At once: a browser opens windows only as the answer to a click.
  const popup = window.open('', '_blank', 'popup,width=480,height=720')
  const address = await keycloak.createLoginUrl({ redirectUri: redirectUri(), locale: document.documentElement.lang })
  const state = new URL(address, location.origin).searchParams.get('state') ?? ''
  const told = tokensOf(state)
  localStorage.setItem(MARK + state, '1')
  if (popup) popup.location.href = address
  else throw new LoginNotDone()
  return told
}

function tokensOf(state: string): Promise<Tokens> {
  const channel = new BroadcastChannel(CHANNEL)
  return new Promise<Tokens>((resolve, reject) => {
    channel.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.state !== state) return
      if (data.tokens) resolve(data.tokens)
      else reject(new LoginNotDone())
    }
  }).finally(() => channel.close())
}

/** In the window itself: hands over what Keycloak gave and closes. Answers whether this is such a window. */
export async function finishPopup(query: URLSearchParams): Promise<boolean> {
  const state = query.get('state')
  if (!state || !localStorage.getItem(MARK + state)) return false
  localStorage.removeItem(MARK + state)
  const keycloak = newKeycloak()
  const ok = await keycloak.init(OPTIONS).catch(() => false)
  const { token, refreshToken, idToken } = keycloak
  const told: Told = { state }
  if (ok && token && refreshToken && idToken) told.tokens = { token, refreshToken, idToken }
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage(told)
  channel.close()
  window.close()
  return true
}
