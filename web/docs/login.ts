// How the window of a login tells the page what Keycloak answered. The window has no `opener`: our pages and
// Keycloak's differ in Cross-Origin-Opener-Policy. A channel reaches only pages of the same origin.
const NAME = 'timetracker-docs-login'

/** What Keycloak appended to the redirect address, as it came. */
export type Answer = string

export function tell(answer: Answer) {
  const channel = new BroadcastChannel(NAME)
  channel.postMessage(answer)
  channel.close()
}

/** Calls `see` with every answer until the returned function is called. */
export function listen(see: (answer: URLSearchParams) => void): () => void {
  const channel = new BroadcastChannel(NAME)
  channel.onmessage = ({ data }: MessageEvent<Answer>) => see(new URLSearchParams(data))
  return () => channel.close()
}
