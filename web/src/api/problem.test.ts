import { expect, test } from 'vitest'
import { problemOf } from './problem'

const answer = (status: number, headers = {}) => new Response(null, { status, headers })

test('a problem says its kind, its field and how long to wait', () => {
  const body = { type: '/problems/unavailable', title: 'Try again', status: 503, detail: 'Soon.', field: 'start' }
  const problem = problemOf(answer(503, { 'Retry-After': '2' }), body)
  expect([problem.kind, problem.field, problem.retryAfter, problem.passing, problem.message]).toEqual(['unavailable', 'start', 2, true, 'Soon.'])
  expect(problemOf(answer(409), { type: '/problems/overlap' }).passing).toBe(false)
})

test('what is no problem of the API still has a kind', () => {
  expect(problemOf(answer(429), 'Too Many Requests').kind).toBe('too-many-requests')
  expect(problemOf(answer(503), undefined).kind).toBe('unavailable')
  expect(problemOf(answer(418), { type: 3 }).kind).toBe('unknown')
})
