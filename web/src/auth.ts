// Login at Keycloak: authorization code with PKCE. Tokens stay in memory; Keycloak's own cookie keeps the session.
import Keycloak from 'keycloak-js'
import { ref } from 'vue'

const keycloak = new Keycloak({ url: '/auth', realm: 'timetracker', clientId: 'timetracker-web' })
const name = ref<string>()

export const auth = {
  /** The person's name; undefined while nobody is logged in. */
  name,

  /** Take up a login that comes back from Keycloak. Without one the page asks for it. */
  async start() {
    const loggedIn = await keycloak
      .init({ pkceMethod: 'S256', checkLoginIframe: false, responseMode: 'query' })
      .catch(() => false)
    name.value = loggedIn ? (keycloak.tokenParsed?.name ?? keycloak.tokenParsed?.preferred_username) : undefined
  },

  login: () => keycloak.login({ redirectUri: `${location.origin}/`, locale: document.documentElement.lang }),
  logout: () => keycloak.logout({ redirectUri: `${location.origin}/` }),

  /** An access token that is good for at least half a minute; asks for a new login when the session has ended. */
  async token() {
    await keycloak.updateToken(30).catch(() => auth.login())
    return keycloak.token
  },
}
