// The API's documentation: Swagger UI over the document that the system itself serves, nothing from elsewhere.
import SwaggerUI, { type Login } from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import { listen } from './login'
import './style.css'

let stopListening = () => {}

/** Swagger UI's own way needs the window's `opener`, which login.ts says why there is none. */
const authPopup = (address: string, login: Login) => () => {
  stopListening()
  stopListening = listen((answer) => {
    // Another tab's login.
    if (answer.get('state') !== login.state) return
    stopListening()
    const code = answer.get('code')
    if (code) {
      login.auth.code = code
      login.callback({ auth: login.auth, redirectUrl: login.redirectUrl })
    } else {
      const message = answer.get('error_description') ?? answer.get('error') ?? 'Keycloak sent no code'
      login.errCb({ authId: login.auth.name, source: 'auth', level: 'error', message })
    }
  })
  window.open(address)
}

SwaggerUI({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  // The online validator is another origin.
  validatorUrl: null,
  oauth2RedirectUrl: `${location.origin}/docs/oauth2-redirect.html`,
  plugins: [{ statePlugins: { auth: { actions: { authPopup } } } }],
}).initOAuth({
  clientId: 'timetracker-web',
  scopes: 'openid',
  usePkceWithAuthorizationCodeGrant: true,
})
