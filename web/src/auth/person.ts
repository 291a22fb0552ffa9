// Who is logged in, by the token.
import type { KeycloakTokenParsed } from 'keycloak-js'

export interface Person {
  id: string
  name: string
  username: string
  roles: string[]
}

export function personOf(token: KeycloakTokenParsed | undefined): Person | undefined {
  if (!token?.sub) return undefined
  const username = String(token.preferred_username ?? '')
  return { id: token.sub, username, name: String(token.name ?? username), roles: token.realm_access?.roles ?? [] }
}
