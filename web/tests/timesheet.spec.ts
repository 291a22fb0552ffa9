// The timesheet: hours typed into a week.
import type { Page } from '@playwright/test'
import { accessible, at, day, expect, login, test, type Person } from './support'

/** A Wednesday of a week that is over. */
const BACK = 7 + ((new Date(`${day()}T12:00:00Z`).getUTCDay() + 4) % 7)
const WEDNESDAY = day(BACK)

interface Names {
  bob: Person
  site: string
  atlas: string
  design: string
  ids: { site: string; atlas: string; design: string }
}

/** Two projects, one with a task, whose names nothing else has. */
async function opened(page: Page, enter: (ids: Names['ids']) => Parameters<Person['enter']> = () => []): Promise<Names> {
  const bob = await login(page, 'bob', '/projects')
  await bob.clear()
  const mark = Date.now().toString(36)
  const make = async (kind: string, name: string, fields = {}) => (await bob.call<{ id: string }>('POST', `/${kind}`, { name: `${name} ${mark}`, ...fields })).id
  const ids = { site: await make('projects', 'Site'), atlas: await make('projects', 'Atlas'), design: '' }
  ids.design = await make('tasks', 'Design', { project_id: ids.atlas })
  const entries = enter(ids)
  if (entries.length) await bob.enter(...entries)
  await page.goto(`/timesheet?day=${WEDNESDAY}`)
  await expect(page.getByText('Add a row', { exact: true })).toBeVisible()
  return { bob, ids, site: `Site ${mark}`, atlas: `Atlas ${mark}`, design: `Atlas ${mark} · Design ${mark}` }
}

async function addRow(page: Page, name: string) {
  await page.getByRole('button', { name: 'Choose a project' }).last().click()
  await page.getByPlaceholder('Find or create a project').fill(name)
  await expect(page.getByRole('option').first()).toContainText(name)
  await page.keyboard.press('Enter')
}

const line = (page: Page, name: string) => page.getByTestId('line').filter({ has: page.getByText(name, { exact: true }) })
const cell = (page: Page, name: string, weekday = 'Wednesday') => page.getByLabel(new RegExp(`^${name}, ${weekday} `))

type Items = { items: { start: string; end: string; project_id: string; task_id: string | null }[] }
const clock = (instant: string) => new Date(instant).toLocaleTimeString('en-GB', { timeZone: 'Europe/Zurich', hour: '2-digit', minute: '2-digit' })
const kept = async (bob: Person) => (await bob.call<Items>('GET', '/time-entries?sort=start')).items.map(({ start, end }) => `${start.slice(0, 10)} ${clock(start)}-${clock(end)}`)

test('hours are typed as people do, into rows that are added, and summed', async ({ page }) => {
  const { bob, site, design, ids } = await opened(page)
  await expect(page.getByRole('heading', { name: 'No hours in this week yet' })).toBeVisible()
  await accessible(page, 'empty timesheet')
  await addRow(page, site)
  await expect(cell(page, site, 'Monday')).toBeFocused()
  await cell(page, site).fill('1:30')
  await cell(page, site).press('Enter')
  await expect(page.getByTestId('toast').filter({ hasText: 'Entered from 09:00 to 10:30.' })).toBeVisible()
  await cell(page, site, 'Thursday').fill('90m')
  await cell(page, site, 'Thursday').press('Tab')
  await cell(page, site, 'Friday').fill('1,5')
  await cell(page, site, 'Friday').blur()
  await expect(line(page, site).getByTestId('line-total')).toContainText('4:30')
  await addRow(page, design.split(' · ')[1] ?? '')
  await cell(page, design).fill('2.25')
  await cell(page, design).press('Enter')
  await expect(page.getByTestId('sum')).toHaveText('6:45')
  await expect(page.getByTestId('totals')).toContainText(/0:00.*3:45.*1:30.*1:30.*0:00/)
  await cell(page, site, 'Monday').fill('later')
  await cell(page, site, 'Monday').press('Enter')
  await expect(page.getByTestId('problem')).toContainText(/^Monday .*Type a duration such as 1:30/)
  await accessible(page, 'timesheet')
  await cell(page, site, 'Monday').press('Escape')
  await expect(cell(page, site, 'Monday')).toHaveValue('')
  await cell(page, site, 'Monday').fill('24h')
  await cell(page, site, 'Monday').press('Enter')
  await expect(cell(page, site, 'Monday')).toHaveValue('24:00')
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(cell(page, site, 'Monday')).toHaveValue('')
  const { items } = await bob.call<Items>('GET', `/time-entries?task=${ids.design}`)
  expect(items.map(({ start, end }) => `${clock(start)}-${clock(end)}`)).toEqual(['10:30-12:45'])
  await expect.poll(() => kept(bob)).toHaveLength(4)
})

test('one entry is made longer where there is room, several are opened, and nothing goes without a way back', async ({ page }) => {
  const { bob, site, atlas } = await opened(page, ({ site, atlas }) => [
    { description: 'Morning', start: at('09:00', BACK), end: at('10:00', BACK), project_id: site },
    { description: 'Call', start: at('10:00', BACK), end: at('10:30', BACK), project_id: atlas },
    { description: 'Review', start: at('14:00', BACK), end: at('15:00', BACK), project_id: atlas },
    { description: 'Release', start: at('23:00', BACK - 1), end: at('01:00', BACK - 2), project_id: site },
  ])
  const undo = () => page.getByRole('button', { name: 'Undo' }).last().click()
  await cell(page, site).fill('2')
  await cell(page, site).press('Enter')
  await expect(page.getByTestId('toast').filter({ hasText: 'Entered from 10:30 to 12:30.' })).toBeVisible()
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 10:30-12:30`)
  await undo()
  await expect(cell(page, site)).toHaveValue('1:00')
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 09:00-10:00`)
  // Nothing, or 0, deletes; the row stays.
  await cell(page, site).fill('')
  await cell(page, site).press('Enter')
  await expect.poll(() => kept(bob)).not.toContain(`${WEDNESDAY} 09:00-10:00`)
  await page.getByTestId('toast').filter({ hasText: 'was deleted.' }).getByRole('button', { name: 'Undo' }).click()
  await expect(cell(page, site)).toHaveValue('1:00')
  // A night has its hours on both days, and is opened.
  await expect(page.getByRole('button', { name: new RegExp(`^${site}, Thursday .*: 1:00, show`) })).toBeVisible()
  await expect(page.getByRole('button', { name: new RegExp(`^${site}, Friday .*: 1:00, show`) })).toBeVisible()
  await page.getByRole('button', { name: new RegExp(`^${atlas}, Wednesday .*: 1:30, show`) }).click()
  const list = page.getByRole('dialog', { name: `${atlas}, Wednesday` })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await accessible(page, 'cell')
  await list.getByRole('button', { name: /Call/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit entry' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(cell(page, atlas)).toHaveValue('1:00')
  await expect(page.getByTestId('sum')).toHaveText('4:00')
  // What changes elsewhere is here too.
  await bob.enter({ start: at('16:00', BACK), end: at('17:00', BACK) })
  await expect(line(page, 'No project').getByTestId('line-total')).toContainText('1:00', { timeout: 4000 })
})

test('the keys of a spreadsheet go from cell to cell, and what could not be sent stays', async ({ page }) => {
  const { bob, site, atlas } = await opened(page, ({ site, atlas }) => [
    { start: at('09:00', BACK), end: at('10:00', BACK), project_id: atlas },
    { start: at('10:00', BACK), end: at('11:00', BACK), project_id: site },
  ])
  await cell(page, atlas).focus()
  await page.keyboard.press('ArrowDown')
  await expect(cell(page, site)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(cell(page, site, 'Tuesday')).toBeFocused()
  await page.keyboard.type('1:15')
  // In the text, not out of it.
  await page.keyboard.press('ArrowLeft')
  await expect(cell(page, site, 'Tuesday')).toBeFocused()
  await page.keyboard.press('Shift+Enter')
  await expect(cell(page, atlas, 'Tuesday')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(cell(page, atlas)).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(cell(page, atlas, 'Thursday')).toBeFocused()
  await expect(cell(page, site, 'Tuesday')).toHaveValue('1:15')
  await expect.poll(() => kept(bob)).toEqual([`${day(BACK + 1)} 09:00-10:15`, `${WEDNESDAY} 09:00-10:00`, `${WEDNESDAY} 10:00-11:00`])
  await page.route('**/api/v1/time-entries', (route) => route.fulfill({ status: 500, body: 'no' }))
  await page.keyboard.type('45')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('problem').filter({ hasText: 'Not saved' })).toBeVisible({ timeout: 10_000 })
  await expect(cell(page, atlas, 'Thursday')).toHaveValue('45')
  await page.unrouteAll()
  // Not by itself: whoever passes by has not asked for it.
  let sent = 0
  page.on('request', (request) => (sent += request.method() === 'POST' ? 1 : 0))
  await cell(page, atlas, 'Thursday').focus()
  await page.keyboard.press('Tab')
  await page.waitForTimeout(500)
  expect(sent).toBe(0)
  await expect(cell(page, atlas, 'Thursday')).toHaveValue('45')
  await cell(page, atlas, 'Thursday').press('Enter')
  await expect(cell(page, atlas, 'Thursday')).toHaveValue('0:45')
  await expect.poll(() => kept(bob)).toHaveLength(4)
})

test('seconds that are typed count, and a cell that was left alone keeps its own', async ({ page }) => {
  const { bob, site } = await opened(page, ({ site }) => [{ start: at('09:00', BACK), end: at('09:01', BACK).replace(/:00(?=[+Z-])/, ':40'), project_id: site }])
  await expect(cell(page, site)).toHaveValue('0:01:40')
  await cell(page, site).focus()
  await page.keyboard.press('Tab')
  await cell(page, site).fill('0:00:30')
  await cell(page, site).press('Enter')
  await expect(cell(page, site)).toHaveValue('0:00:30')
  const seconds = async () => (await bob.call<{ items: { seconds: number }[] }>('GET', '/time-entries')).items.map((entry) => entry.seconds)
  await expect.poll(seconds).toEqual([30])
})

test('hours of today are entered until now, and the days to come take none', async ({ page }) => {
  const { bob, site } = await opened(page)
  await page.goto('/timesheet')
  await expect(page.getByText('Add a row', { exact: true })).toBeVisible()
  await addRow(page, site)
  const weekday = (back: number) => new Date(`${day(back)}T12:00:00Z`).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' })
  const today = cell(page, site, weekday(0))
  const since = Math.floor((Date.now() - new Date(at('00:00')).getTime()) / 60_000)
  test.skip(since < 10, 'there is no time yet today')
  // As much as there has been.
  await today.fill(`${since}m`)
  await today.press('Enter')
  await expect.poll(async () => (await bob.call<{ items: { seconds: number }[] }>('GET', '/time-entries')).items.map((entry) => entry.seconds)).toEqual([since * 60])
  await page.getByRole('button', { name: 'Next week' }).click()
  await expect(page.getByRole('heading', { name: 'No hours in this week yet' })).toBeVisible()
  await addRow(page, site)
  await expect(cell(page, site)).toBeDisabled()
})

test('the sheet is within its card at each width', async ({ page }) => {
  await opened(page, ({ site }) => [{ start: at('09:00', BACK), end: at('10:14', BACK).replace(/:00(?=[+Z-])/, ':30'), project_id: site }])
  for (const width of [360, 768, 1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => page.getByRole('table').evaluate((table) => Math.max(0, ...[...table.querySelectorAll('*')].map((part) => part.getBoundingClientRect().right)) - table.getBoundingClientRect().right), `${width} px`).toBeLessThanOrEqual(0)
    const cut = await page.getByRole('table').getByRole('cell').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent))
    expect(cut, `${width} px`).toEqual([])
  }
})

test('the rows of the week before are taken over', async ({ page }) => {
  const { site, design } = await opened(page, ({ site, atlas, design }) => [
    { start: at('09:00', BACK + 7), end: at('10:00', BACK + 7), project_id: site },
    { start: at('10:00', BACK + 7), end: at('11:00', BACK + 7), project_id: atlas, task_id: design },
  ])
  await page.getByRole('button', { name: 'Rows of the week before' }).click()
  await expect(page.getByTestId('line')).toHaveCount(2)
  await expect(line(page, design)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByTestId('line')).toHaveCount(0)
  await page.keyboard.press('y')
  await expect(page.getByTestId('line')).toHaveCount(2)
  await page.getByRole('button', { name: `Remove the row ${site}` }).click()
  await expect(page.getByTestId('line')).toHaveCount(1)
  await page.getByRole('button', { name: 'Week before', exact: true }).click()
  await expect(cell(page, site)).toHaveValue('1:00')
  await page.setViewportSize({ width: 360, height: 740 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
})
