// The part of Swagger UI that the page uses; the package brings no types.
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** A login under way. */
  export interface Login {
    auth: { name: string; code?: string }
    state: string
    redirectUrl: string
    callback(done: { auth: Login['auth']; redirectUrl: string }): void
    errCb(error: { authId: string; source: 'auth'; level: 'error'; message: string }): void
  }
  interface Ui {
    initOAuth(options: object): void
  }
  export default function SwaggerUI(options: object): Ui
}
