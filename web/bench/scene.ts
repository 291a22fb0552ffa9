// What the benchmark's person has, and does.
import type { Page } from '@playwright/test'
import { at, type Person } from '../tests/support'

const ENTRIES = 500
/** Of one day, each an hour apart from 8 o'clock on. */
const DAILY = 10
/** Changes that the API takes in one request. */
const AT_ONCE = 100

export async function fill(person: Person) {
  await person.call('POST', '/timer/discard').catch(() => undefined)
  await person.clear()
  const entries = Array.from({ length: ENTRIES }, (_, index) => {
    const [back, hour] = [1 + Math.floor(index / DAILY), String(8 + (index % DAILY)).padStart(2, '0')]
    return { description: `Work ${index + 1} on what was agreed`, start: at(`${hour}:00`, back), end: at(`${hour}:45`, back), billable: index % 3 === 0 }
  })
  for (let from = 0; from < ENTRIES; from += AT_ONCE) await person.enter(...entries.slice(from, from + AT_ONCE))
}

/** Does one thing after the other; tells its name when what it does is seen. */
export async function* interact(page: Page): AsyncGenerator<string> {
  const box = page.getByRole('combobox', { name: 'What are you working on?' })
  await box.click()
  await box.pressSequentially('Prepare the meeting')
  yield 'type what one works on'
  await box.press('Enter')
  await page.getByTestId('running-time').waitFor()
  await settled(page)
  yield 'start the timer'
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'What would you like to do?' }).pressSequentially('cal')
  await settled(page)
  yield 'open the palette and type'
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const words = page.getByTestId('entry').nth(3).getByRole('textbox', { name: 'Description' })
  await words.click()
  await words.press('End')
  await words.pressSequentially(' again')
  await words.press('Enter')
  await settled(page)
  yield 'edit an entry'
  await page.locator('aside').getByRole('link', { name: 'Calendar' }).click()
  await page.getByTestId('block').first().waitFor()
  await settled(page)
  yield 'open the calendar'
}

/** The frame that shows it was painted and measured. */
async function settled(page: Page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300))))
}
