import { expect, test } from 'vitest'
import { eventsOf, type StreamEvent } from './events'

async function read(...pieces: string[]): Promise<StreamEvent[]> {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      pieces.forEach((piece) => controller.enqueue(encoder.encode(piece)))
      controller.close()
    },
  })
  const events: StreamEvent[] = []
  for await (const event of eventsOf(body)) events.push(event)
  return events
}

test('events are read however the network cuts them', async () => {
  const text = 'retry: 1000\nid: 3\n\nid: 4\nevent: tag.created\ndata: {"name":"Élan"}\n\n:\n\n'
  const expected = [{ id: '3' }, { id: '4', event: 'tag.created', data: '{"name":"Élan"}' }]
  expect(await read(text)).toEqual(expected)
  expect(await read(...text)).toEqual(expected)
  expect(await read(text.slice(0, 21), text.slice(21, 30), text.slice(30))).toEqual(expected)
})

test('what is cut off is no event', async () => {
  expect(await read('id: 5\nevent: x\ndata: {')).toEqual([])
})
