// The event stream format of the HTML standard, as far as the API uses it. (EventSource cannot send a token.)

export interface StreamEvent {
  id?: string
  event?: string
  data?: string
}

export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let rest = ''
  let event: StreamEvent = {}
  for await (const piece of chunks(body)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (event.id !== undefined || event.data !== undefined) yield event
        event = {}
      } else {
        const colon = line.indexOf(':')
        const name = colon < 0 ? line : line.slice(0, colon)
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
        if (name === 'id' || name === 'event' || name === 'data') event[name] = value
      }
    }
  }
}

async function* chunks(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    reader.cancel().catch(() => undefined)
  }
}
