// Where Keycloak sends the window of a login: it hands the answer to the page that opened it, and is done.
import { tell } from './login'

tell(location.search)
window.close()
