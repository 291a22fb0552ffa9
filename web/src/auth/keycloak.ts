// The client that the realm knows the app as.
import Keycloak from 'keycloak-js'

export const OPTIONS = { pkceMethod: 'S256', checkLoginIframe: false, responseMode: 'query' } as const

export const newKeycloak = () => new Keycloak({ url: '/auth', realm: 'timetracker', clientId: 'timetracker-web' })

/** Keycloak comes back to this address only. */
export const redirectUri = () => `${location.origin}/`
