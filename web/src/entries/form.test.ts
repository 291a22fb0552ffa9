import { expect, test, vi } from 'vitest'
import { iso } from '@/time/zone'
import { formOf, timesOf } from './form'

vi.stubGlobal('navigator', { languages: ['en-GB'] })

const ZONE = 'Europe/Zurich'
const at = (text: string) => Date.parse(`2026-01-12T${text}Z`)
const known = { start: at('08:00:10'), end: at('08:00:50') }
const form = formOf(known, ZONE)
const said = (...given: Parameters<typeof timesOf>) => {
  const times = timesOf(...given)
  return 'wrong' in times ? times : [iso(times.start), times.end === undefined ? undefined : iso(times.end)]
}

test('a form shows hours and minutes, and the length to the second', () => {
  expect(form).toEqual({ day: '2026-01-12', start: '09:00', end: '09:00', length: '0:00:40' })
  expect(formOf({ start: known.start }, ZONE)).toEqual({ day: '2026-01-12', start: '09:00', end: '', length: '' })
})

test('times that nobody changed stay to the second, however they are written', () => {
  expect(timesOf(form, known, ZONE)).toEqual(known)
  expect(timesOf({ ...form, start: '9', end: ' 900' }, known, ZONE)).toEqual(known)
  expect(timesOf(formOf({ start: known.start }, ZONE), { start: known.start }, ZONE)).toEqual({ start: known.start })
})

test('what is typed is read by the clock, and the other end keeps its seconds', () => {
  expect(said({ ...form, end: '930' }, known, ZONE)).toEqual(['2026-01-12T08:00:10Z', '2026-01-12T08:30:00Z'])
  expect(said({ ...form, start: '830' }, known, ZONE)).toEqual(['2026-01-12T07:30:00Z', '2026-01-12T08:00:50Z'])
  expect(said({ ...form, day: '2026-01-10' }, known, ZONE)).toEqual(['2026-01-10T08:00:10Z', '2026-01-10T08:00:50Z'])
  expect(said({ ...form, end: '8' }, known, ZONE)).toEqual(['2026-01-12T08:00:10Z', '2026-01-13T07:00:00Z'])
})

test('a length that was typed says the end, however long it is', () => {
  expect(said({ ...form, length: '1:30' }, known, ZONE, true)).toEqual(['2026-01-12T08:00:10Z', '2026-01-12T09:30:10Z'])
  expect(said({ ...form, length: '25:00' }, known, ZONE, true)).toEqual(['2026-01-12T08:00:10Z', '2026-01-13T09:00:10Z'])
  expect(said({ ...form, end: 'x', length: '0:00:30' }, known, ZONE, true)).toEqual(['2026-01-12T08:00:10Z', '2026-01-12T08:00:40Z'])
})

test('what cannot be read is named', () => {
  expect(said({ ...form, day: '' }, known, ZONE)).toEqual({ wrong: 'day' })
  expect(said({ ...form, start: 'nine' }, known, ZONE)).toEqual({ wrong: 'start' })
  expect(said({ ...form, end: '' }, known, ZONE)).toEqual({ wrong: 'end' })
  expect(said({ ...form, length: 'abc' }, known, ZONE, true)).toEqual({ wrong: 'length' })
})
