import { expect, test } from 'vitest'
import { parseDuration, parseTime } from './typed'

test.each([
  ['9', 540], ['930', 570], ['0930', 570], ['9:30', 570], ['9.30', 570], ['9,30', 570], ['9h30', 570], ['9h', 540], [' 9:30 ', 570],
  ['1745', 1065], ['0', 0], ['000', 0], ['24:00', 1440], ['9:30 pm', 1290], ['9pm', 1260], ['12am', 0], ['1230p', 750], ['9 uhr', 540],
])('the time %j', (typed, minutes) => expect(parseTime(typed)).toBe(minutes))

test.each([[''], ['x'], ['25'], ['9:60'], ['24:01'], ['12345'], ['13pm'], ['-1'], ['9:3'], ['99']])('no time: %j', (typed) =>
  expect(parseTime(typed)).toBeUndefined(),
)

test.each([
  ['1:30', 90], ['0:05', 5], ['1.5', 90], ['1,25', 75], ['.5', 30], ['90m', 90], ['90 min', 90], ['2h', 120], ['1h30', 90], ['1h 30m', 90],
  ['1', 60], ['12', 720], ['45', 45], ['90', 90], ['1:30:59', 90 + 59 / 60], ['0:00:30', 0.5], ['40s', 2 / 3], ['2 hours', 120], ['1.5h', 90],
])('the duration %j', (typed, minutes) => expect(parseDuration(typed)).toBe(Math.round(minutes * 60)))

test.each([[''], ['x'], ['1:60'], ['h'], ['m'], ['1.'], ['-2'], ['1:3'], ['12345']])('no duration: %j', (typed) =>
  expect(parseDuration(typed)).toBeUndefined(),
)
