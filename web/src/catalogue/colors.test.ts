import { expect, test } from 'vitest'
import { COLORS, freshColor } from './colors'

test('a new thing gets the colour that fewest have', () => {
  expect(freshColor([])).toBe(COLORS[0])
  expect(freshColor([COLORS[0]!.toUpperCase()])).toBe(COLORS[1])
  expect(freshColor([...COLORS.slice(0, 3), ...COLORS.slice(4)])).toBe(COLORS[3])
})
