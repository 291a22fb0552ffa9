// Asks Keycloak whether its session is there still, without leaving the page: Keycloak is at our own address, so a request goes
// the way of the login and comes back with the code.
import type Keycloak from 'keycloak-js'
import { newKeycloak, OPTIONS, redirectUri } from './keycloak'

/** Milliseconds after which a network that does not answer is none: requests and what waits to be sent wait for this. */
const LONGEST = 5000

/** One that is logged in; nothing where nobody is. Throws where no answer comes. */
export async function askQuietly(keycloak: Keycloak): Promise<Keycloak | undefined> {
  const address = await keycloak.createLoginUrl({ prompt: 'none', redirectUri: redirectUri() })
  const answer = await fetch(address, { signal: AbortSignal.timeout(LONGEST) })
  if (!answer.ok) throw new Error(`Keycloak answered ${answer.status}`)
  const given = new URL(answer.url).searchParams
  if (!given.has('code')) return undefined
  // keycloak-js reads its answer from the address of the page, and leaves there what it found beside it.
  const page = new URL(location.href)
  given.forEach((value, name) => page.searchParams.set(name, value))
  history.replaceState(history.state, '', page)
  const fresh = newKeycloak()
  return (await fresh.init(OPTIONS)) ? fresh : undefined
}
