// The calendar: drawn, moved and made longer by pointer and by keys.
import type { Page } from '@playwright/test'
import { accessible, at, day, expect, login, test, type Person } from './support'

/** A Wednesday of a week that is over: nothing runs there, and there are days on both sides. */
const BACK = 7 + ((new Date(`${day()}T12:00:00Z`).getUTCDay() + 4) % 7)
const WEDNESDAY = day(BACK)

async function opened(page: Page, ...entries: Parameters<Person['enter']>): Promise<Person> {
  const bob = await login(page, 'bob', '/projects')
  await bob.clear()
  if (entries.length) await bob.enter(...entries)
  await show(page)
  return bob
}

async function show(page: Page, query = `day=${WEDNESDAY}&view=week`) {
  await page.goto(`/calendar?${query}`)
  await expect(page.getByTestId('calendar')).toHaveAttribute('aria-busy', 'false')
  await expect(page.getByTestId('day-head').first()).toBeVisible()
}

const block = (page: Page, name: string) => page.getByTestId('block').filter({ hasText: name })
const head = (page: Page, date = WEDNESDAY) => page.getByTestId('head').and(page.locator(`[data-date="${date}"]`))

type Items = { items: { description: string; start: string; end: string }[] }
const clock = (instant: string) => new Date(instant).toLocaleTimeString('en-GB', { timeZone: 'Europe/Zurich', hour: '2-digit', minute: '2-digit' })
/** What the API knows, the latest first. */
const kept = async (bob: Person) => (await bob.call<Items>('GET', '/time-entries')).items.map(({ description, start, end }) => `${start.slice(0, 10)} ${clock(start)}-${clock(end)} ${description}`)

/** The point of the grid on that day at that time, given in whole half hours. */
async function point(page: Page, time: string, date = WEDNESDAY) {
  const lane = page.locator(`[data-time="${time}:00"]`).last()
  await lane.scrollIntoViewIfNeeded()
  const [y, x] = [await lane.boundingBox(), await page.getByTestId('lane').and(page.locator(`[data-date="${date}"]`)).boundingBox()]
  if (!x || !y) throw new Error(`${date} ${time} is not on the page`)
  return { x: x.x + x.width / 2, y: y.y }
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 })
  await page.mouse.move(to.x, to.y, { steps: 5 })
  await page.mouse.up()
}

const by = ({ x, y }: { x: number; y: number }, dx: number, dy: number) => ({ x: x + dx, y: y + dy })

test('time is drawn into the empty grid, or added without dragging', async ({ page }) => {
  const bob = await opened(page)
  await accessible(page, 'empty calendar')
  await drag(page, by(await point(page, '10:00'), 0, 2), by(await point(page, '11:30'), 0, -2))
  const dialog = page.getByRole('dialog', { name: 'Add time' })
  await expect(dialog.getByLabel('Day')).toHaveValue(WEDNESDAY)
  await expect(dialog.getByLabel('Start')).toHaveValue('10:00')
  await expect(dialog.getByLabel('End')).toHaveValue('11:30')
  await dialog.getByLabel('Description').fill('Drawn')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(block(page, 'Drawn')).toContainText('10:00 – 11:30')
  await expect(head(page)).toContainText('1:30')
  await expect(page.getByTestId('sum')).toHaveText('1:30')
  const spot = await point(page, '14:00')
  await page.mouse.click(spot.x, spot.y + 1)
  await expect(dialog.getByLabel('Start')).toHaveValue('14:00')
  await expect(dialog.getByLabel('End')).toHaveValue('14:30')
  await page.keyboard.press('Escape')
  await head(page).getByRole('button', { name: /^Add time on Wednesday/ }).click()
  await expect(dialog.getByLabel('Start')).toHaveValue('09:00')
  await dialog.getByLabel('Description').fill('Added')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(block(page, 'Added')).toBeVisible()
  await expect.poll(() => kept(bob)).toEqual([`${WEDNESDAY} 10:00-11:30 Drawn`, `${WEDNESDAY} 09:00-09:30 Added`])
})

test('an entry is moved and made longer with the pointer, each is taken back, and what cannot be jumps back', async ({ page }) => {
  const bob = await opened(page, { description: 'Workshop', start: at('09:00', BACK), end: at('11:00', BACK) }, { description: 'Mail', start: at('13:00', BACK), end: at('14:00', BACK) })
  const undo = () => page.getByRole('button', { name: 'Undo' }).last().click()
  const thursday = day(BACK - 1)
  await expect(block(page, 'Mail')).toBeVisible()
  // An hour later and a day on.
  await drag(page, by(await point(page, '09:30'), 0, 3), by(await point(page, '10:30', thursday), 0, 3))
  await expect(block(page, 'Workshop')).toContainText('10:00 – 12:00')
  await expect.poll(() => kept(bob)).toEqual([`${thursday} 10:00-12:00 Workshop`, `${WEDNESDAY} 13:00-14:00 Mail`])
  await expect(head(page, thursday)).toContainText('2:00')
  await undo()
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 09:00-11:00 Workshop`)
  // Both edges, in steps of five minutes.
  await drag(page, by(await point(page, '14:00'), 0, -1), by(await point(page, '14:30'), 0, 3))
  await expect(block(page, 'Mail')).toContainText('13:00 – 14:35')
  await drag(page, by(await point(page, '13:00'), 0, 1), by(await point(page, '12:30'), 0, 1))
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 12:30-14:35 Mail`)
  await undo()
  await expect(block(page, 'Mail')).toContainText('13:00 – 14:35')
  // Where the workshop is.
  await drag(page, by(await point(page, '13:30'), 0, 3), by(await point(page, '10:30'), 0, 3))
  await expect(page.getByTestId('toast').filter({ hasText: 'This overlaps “Workshop”, 09:00–11:00.' })).toBeVisible()
  await expect(block(page, 'Mail')).toContainText('13:00 – 14:35')
  // A click edits; so is it deleted.
  await block(page, 'Mail').click()
  const dialog = page.getByRole('dialog', { name: 'Edit entry' })
  await accessible(page, 'edit')
  await dialog.getByLabel('End').fill('14')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(block(page, 'Mail')).toContainText('13:00 – 14:00')
  await block(page, 'Mail').click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(block(page, 'Mail')).toHaveCount(0)
  await undo()
  await expect(block(page, 'Mail')).toBeVisible()
})

test('the keyboard alone is enough: from entry to entry, edited, moved and made longer', async ({ page }) => {
  const bob = await opened(
    page,
    { description: 'First', start: at('09:00', BACK), end: at('10:00', BACK) },
    { description: 'Second', start: at('11:00', BACK), end: at('12:00', BACK) },
    { description: 'Third', start: at('11:30', BACK - 1), end: at('12:00', BACK - 1) },
  )
  await expect(block(page, 'Third')).toBeVisible()
  await page.keyboard.press('j')
  await expect(block(page, 'First')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(block(page, 'Second')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(block(page, 'Third')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(block(page, 'Second')).toBeFocused()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('+')
  await expect(block(page, 'Second')).toContainText('11:10 – 12:15')
  await expect(page.getByTestId('calendar').getByRole('status')).toHaveText(/Wednesday .*, 11:10 to 12:15/)
  // Several presses are one change.
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 11:10-12:15 Second`)
  const toast = page.getByTestId('toast').filter({ hasText: 'was changed.' })
  await expect(toast).toHaveCount(1)
  await expect(block(page, 'Second')).toBeFocused()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(block(page, 'Second')).toBeFocused()
  await expect.poll(() => kept(bob)).toContain(`${day(BACK + 1)} 11:10-12:15 Second`)
  await expect(toast).toHaveCount(2)
  await toast.last().getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => kept(bob)).toContain(`${WEDNESDAY} 11:10-12:15 Second`)
  await block(page, 'First').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Edit entry' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(block(page, 'First')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(block(page, 'First')).toHaveCount(0)
})

test('nights are on both their days, colours keep the words readable, and changes elsewhere appear', async ({ page }) => {
  const bob = await opened(page)
  const id = Date.now().toString(36)
  const project = async (color: string) => (await bob.call<{ id: string }>('POST', '/projects', { name: `${color} ${id}`, color })).id
  await bob.enter(
    { description: 'Night', start: at('22:00', BACK), end: at('01:30', BACK - 1) },
    { description: 'Chalk', start: at('12:00', BACK), end: at('13:00', BACK), project_id: await project('#ffffff') },
    { description: 'Ink', start: at('09:00', BACK), end: at('10:30', BACK), project_id: await project('#000000') },
    { description: 'A name that is much longer than the place that there is for it', start: at('11:00', BACK), end: at('11:20', BACK), project_id: await project('#ffd400') },
  )
  await expect(block(page, 'Night')).toHaveCount(2)
  await expect(head(page)).toContainText('4:50')
  await expect(head(page, day(BACK - 1))).toContainText('1:30')
  await accessible(page, 'calendar')
  const { items } = await bob.call<{ items: { id: string; description: string }[] }>('GET', '/time-entries')
  const ink = items.find(({ description }) => description === 'Ink')
  await bob.call('PATCH', `/time-entries/${ink?.id}`, { description: 'Pencil' }, { 'If-Match': '*' })
  await expect(block(page, 'Pencil')).toBeVisible({ timeout: 4000 })
  await page.getByRole('button', { name: 'Day', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`day=${WEDNESDAY}&view=day`))
  await expect(page.getByTestId('head')).toHaveCount(1)
  await expect(block(page, 'Pencil')).toBeVisible()
  await page.keyboard.press('v')
  await expect(page.getByTestId('head')).toHaveCount(7)
})

test('what runs grows, and lies beside what it overlaps', async ({ page }) => {
  const bob = await opened(page)
  const start = new Date(Math.floor(Date.now() / 1000) * 1000 - 3 * 3_600_000)
  const iso = (hours: number) => new Date(start.getTime() + hours * 3_600_000).toISOString().replace('.000', '')
  await bob.enter({ description: 'Beside', start: iso(0.5), end: iso(1.5) })
  await bob.call('POST', '/timer', { description: 'Running', start: iso(0), zone: 'Europe/Zurich' })
  await page.clock.install()
  await show(page, `day=${start.toLocaleDateString('sv', { timeZone: 'Europe/Zurich' })}`)
  const [running, beside] = [block(page, 'Running').first(), block(page, 'Beside').first()]
  await expect(running).toContainText('now')
  await accessible(page, 'running')
  const box = async (what: typeof running) => (await what.boundingBox()) ?? { x: 0, width: 0, height: 0 }
  const [one, other] = [await box(running), await box(beside)]
  expect(one.x + one.width <= other.x + 1 || other.x + other.width <= one.x + 1).toBe(true)
  const total = () => page.getByTestId('sum').textContent()
  const before = await total()
  await page.clock.fastForward(40 * 60_000)
  await expect.poll(total).not.toBe(before)
  await bob.call('POST', '/timer/discard')
  await expect(running).toHaveCount(0)
})

test('weeks begin where one says, and narrow pages show a day', async ({ page }) => {
  const bob = await opened(page)
  await bob.call('PATCH', '/me', { week_start: 'sunday' }, { 'If-Match': '*' })
  await show(page)
  await expect(page.getByTestId('head').first()).toContainText('Sun')
  await bob.call('PATCH', '/me', { week_start: 'iso' }, { 'If-Match': '*' })
  await show(page)
  await expect(page.getByTestId('head').first()).toContainText('Mon')
  const shown = page.getByTestId('days')
  const week = (await shown.textContent()) ?? ''
  await page.keyboard.press('ArrowRight')
  await expect(shown).not.toHaveText(week)
  await page.getByRole('button', { name: 'Week before' }).click()
  await expect(shown).toHaveText(week)
  await page.keyboard.press('t')
  await expect(head(page, day())).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/calendar')
  await expect(page.getByTestId('head')).toHaveCount(1)
  await expect(head(page, day())).toBeVisible()
})

test('a short entry leaves its neighbours their width, and no line of a block is cut', async ({ page }) => {
  await opened(
    page,
    { description: 'Stand-up', start: at('09:00', BACK), end: at('09:05', BACK) },
    { description: 'Workshop', start: at('09:05', BACK), end: at('11:00', BACK) },
    { description: 'Half an hour', start: at('11:00', BACK), end: at('11:30', BACK) },
    { description: 'A quarter', start: at('11:30', BACK), end: at('11:45', BACK) },
  )
  const box = async (name: string) => (await block(page, name).boundingBox())!
  await expect(block(page, 'Workshop')).toBeVisible()
  expect((await box('Workshop')).width).toBe((await box('Half an hour')).width)
  expect((await box('Stand-up')).width).toBe((await box('Workshop')).width)
  for (const name of ['Workshop', 'Half an hour', 'A quarter']) {
    const cut = await block(page, name).locator('.block-ground').evaluate((ground) => {
      const bottom = ground.getBoundingClientRect().bottom
      return [...ground.querySelectorAll('p')].filter((line) => getComputedStyle(line).opacity !== '0' && line.getBoundingClientRect().bottom > bottom + 0.5).map((line) => line.textContent)
    })
    expect(cut, name).toEqual([])
  }
  await expect(block(page, 'A quarter').getByText('A quarter', { exact: true })).toHaveCSS('opacity', '1')
  // However short, it can be opened.
  await point(page, '08:00')
  const { x, y, width, height } = await box('Stand-up')
  await page.mouse.click(x + width / 2, y + height / 2)
  await expect(page.getByRole('dialog', { name: 'Edit entry' }).getByLabel('Description')).toHaveValue('Stand-up')
})

test('what is to come cannot be drawn into, and what is begun ends now', async ({ page }) => {
  await opened(page)
  await show(page, 'view=day')
  const dialog = page.getByRole('dialog', { name: 'Add time' })
  const tomorrow = day(-1)
  await show(page, `day=${tomorrow}&view=day`)
  await drag(page, by(await point(page, '10:00', tomorrow), 0, 2), by(await point(page, '11:30', tomorrow), 0, -2))
  await page.waitForTimeout(300)
  await expect(dialog).toHaveCount(0)
  await expect(head(page, tomorrow).getByRole('button', { name: /^Add time/ })).toHaveCount(0)
})

test('the card stays on the screen, whatever stands above it', async ({ page }) => {
  await opened(page)
  for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 800 }]) {
    await page.setViewportSize(size)
    await page.context().setOffline(true)
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    await expect(page.getByTestId('offline')).toContainText('Offline')
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight - innerHeight), `${size.width} px`).toBeLessThanOrEqual(0)
    await page.context().setOffline(false)
    await page.evaluate(() => dispatchEvent(new Event('online')))
  }
})
