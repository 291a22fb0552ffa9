// Reports: what they show, how they are asked, exported, kept and shared.
import { readFile } from 'node:fs/promises'
import { accessible, at, day, expect, login, test, type Person } from './support'
import type { Page } from '@playwright/test'

const span = (from: number, to: number) => `from=${day(from)}&to=${day(to)}`

type Entries = Parameters<Person['enter']>

/** Somebody with these entries only, which the reports have heard of; then the page. */
async function opened(page: Page, user: string, path: string, made: Entries | ((person: Person) => Promise<Entries>)): Promise<Person> {
  const person = await login(page, user, '/reports/saved')
  await person.clear()
  const entries = typeof made === 'function' ? await made(person) : made
  await person.enter(...entries)
  const seconds = entries.reduce((sum, { start, end }) => sum + (Date.parse(end ?? start) - Date.parse(start)) / 1000, 0)
  const ask = `/reports/summary?${span(300, 0)}&group_by=billable`
  await expect.poll(async () => (await person.call<{ totals: { seconds: number } }>('GET', ask)).totals.seconds, { timeout: 15_000 }).toBe(seconds)
  await page.goto(path)
  return person
}

const select = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true })
const total = (page: Page) => page.getByTestId('totals').locator('dd').first()
const project = (person: Person, name: string) => person.call<{ id: string }>('POST', '/projects', { name, color: '#c9772b' }).then(({ id }) => id)

test('a summary is asked by spans, filters and groups, all of it in the address', async ({ page }) => {
  const id = Date.now().toString(36)
  let beta = ''
  await opened(page, 'bob', `/reports?${span(2, 1)}`, async (bob) => {
    const alpha = await project(bob, `Alpha ${id}`)
    beta = await project(bob, `Beta ${id}`)
    return [
      { start: at('09:00', 1), end: at('12:00', 1), project_id: alpha, billable: true },
      { start: at('09:00', 2), end: at('10:00', 2), project_id: alpha },
      { start: at('13:00', 2), end: at('14:00', 2), project_id: beta },
    ]
  })
  await expect(total(page)).toHaveText('5:00')
  await expect(page.getByTestId('totals')).toContainText('60%')
  const groups = page.getByTestId('group')
  await expect(groups.first()).toContainText(`Alpha ${id}`)
  await expect(groups.first()).toContainText('80%')
  // Bars and donut are drawn, and said in words.
  await expect(page.getByTestId('chart').first().locator('path[fill="rgb(13, 102, 97)"]').last()).toBeVisible()
  await expect(page.getByTestId('chart').last().locator('path[fill="#c9772b"]')).toHaveCount(2)
  await expect(page.getByRole('img', { name: `Shares by Project: Alpha ${id} 80%, Beta ${id} 20%` })).toBeVisible()
  // What is pointed at is told within the chart: a tooltip of HTML would break the policy.
  await page.getByTestId('chart').first().hover({ position: { x: 260, y: 120 } })
  await expect(page.getByTestId('chart').first().getByText('Billable: 0:00', { exact: true })).toBeAttached()
  await page.getByText('As a table').click()
  await expect(page.getByRole('region', { name: 'Time by day' }).getByRole('row')).toHaveCount(3)
  await expect(page.getByRole('region', { name: 'Time by day' }).getByRole('row').nth(2)).toContainText('3:00')

  await select(page, 'Then by').selectOption('billable')
  await expect(page).toHaveURL(/then=billable/)
  await groups.first().getByRole('button').click()
  await expect(page.getByTestId('inner-group')).toHaveText([/^ *Billable.*3:00/, /Not billable.*1:00/])
  await page.getByRole('button', { name: 'Filters' }).click()
  await accessible(page, 'summary')

  await select(page, 'Project').selectOption({ label: `Beta ${id}` })
  await expect(total(page)).toHaveText('1:00')
  await expect(page).toHaveURL(new RegExp(`project=${beta}`))
  await page.goBack()
  await expect(total(page)).toHaveText('5:00')
  await expect(select(page, 'Project')).toHaveValue('')
  await page.goForward()
  await page.reload()
  await expect(total(page)).toHaveText('1:00')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(total(page)).toHaveText('5:00')

  await page.getByLabel('First day').fill(day(1))
  await expect(total(page)).toHaveText('3:00')
  await page.getByLabel('First day').fill('1999-01-01')
  await expect(page.getByRole('alert')).toContainText('at most ten years')
  await select(page, 'Time span').selectOption('today')
  await expect(page).toHaveURL(/span=today/)
  await expect(page.getByRole('heading', { name: 'No time here' })).toBeVisible()

  // What the API refuses is said, and asked again.
  const refusal = { type: '/problems/too-many-groups', title: 'x', status: 422, detail: 'x', request_id: 'x' }
  await page.route(/\/reports\/summary\?/, (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', json: refusal }))
  await page.goto(`/reports?${span(1, 1)}`)
  await expect(page.getByRole('alert')).toContainText('Choose a shorter time or fewer groups')
  await page.unroute(/\/reports\/summary\?/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(total(page)).toHaveText('3:00')
})

test('the entries behind it are listed without an end, found by words, and exported in four forms', async ({ page }) => {
  const minute = (n: number) => new Date(Date.parse(at('08:00', 3)) + n * 60_000).toISOString().replace('.000', '')
  const entries = Array.from({ length: 150 }, (_, n) => ({ description: `Number ${n}`, start: minute(n), end: minute(n + 1) }))
  await opened(page, 'bob', `/reports/entries?${span(3, 3)}`, entries)
  const list = page.getByTestId('detailed')
  await expect(list.getByText('Number 149')).toBeVisible()
  const oldest = list.getByText('Number 0', { exact: true })
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return oldest.isVisible()
    })
    .toBe(true)
  expect(await page.getByTestId('report-entry').count()).toBeLessThan(60)
  await page.getByLabel('Find in descriptions and names').fill('number 77')
  await expect(page.getByTestId('report-entry')).toHaveCount(1)
  await expect(page).toHaveURL(/q=number\+77/)
  await accessible(page, 'entries')

  const begins = { csv: '', xlsx: 'PK', ods: 'PK', pdf: '%PDF' }
  for (const [format, name] of [['csv', 'CSV'], ['xlsx', 'Excel'], ['ods', 'LibreOffice'], ['pdf', 'PDF']] as const) {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    expect(download.suggestedFilename()).toBe(`time-${day(3)}-${day(3)}.${format}`)
    const file = await readFile(await download.path())
    expect(file.subarray(0, begins[format].length).toString()).toBe(begins[format])
    if (format === 'csv') expect([file.includes('Number 77'), file.includes('Number 78')]).toEqual([true, false])
    await expect(page.getByRole('button', { name: 'Export' })).toBeEnabled()
  }

  // What is too long for a form says what to do, and does it.
  const refusal = { type: '/problems/too-many-rows', title: 'x', status: 422, detail: 'x', request_id: 'x' }
  await page.route(/format=xlsx/, (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', json: refusal }))
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Excel' }).click()
  const toast = page.getByTestId('toast').filter({ hasText: 'Choose a shorter time, or CSV' })
  const [download] = await Promise.all([page.waitForEvent('download'), toast.getByRole('button', { name: 'As CSV' }).click()])
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
})

test('a year is shown day by day, the day and week by themselves, and others’ time to managers only', async ({ page }) => {
  const bob = await opened(page, 'bob', `/reports/year?year=${day(1).slice(0, 4)}`, [{ start: at('09:00', 1), end: at('11:30', 1) }])
  await expect(page.getByTestId('year-text')).toContainText(`${day(1).slice(0, 4)}: 2:30 on 1 day.`)
  await expect(page.getByTestId('chart').locator('svg path').nth(300)).toBeAttached()
  await page.getByText('As a table').click()
  await expect(page.getByRole('region', { name: 'Day by day' }).getByRole('row')).toHaveCount(2)
  await accessible(page, 'year')
  await page.getByRole('button', { name: 'The year before' }).click()
  await expect(page.getByTestId('year-text')).toContainText(`${Number(day(1).slice(0, 4)) - 1}: 0:00 on 0 days.`)

  await page.getByRole('link', { name: 'Summary' }).click()
  const board = page.getByTestId('dashboard')
  await expect(board.getByRole('listitem').filter({ hasText: '2:30' })).toHaveCount(1)
  const shown = await bob.call<{ streak_days: number }>('GET', '/reports/dashboard')
  expect(shown.streak_days).toBe(1)
  await expect(board).toContainText('1 day')

  await page.getByRole('button', { name: 'Filters' }).click()
  await expect(select(page, 'Tag')).toBeVisible()
  await expect(select(page, 'Person')).toHaveCount(0)
  await expect(select(page, 'Group by').getByRole('option', { name: 'Person' })).toHaveCount(0)
  await page.context().clearCookies()
  await page.evaluate(() => localStorage.clear())
  await login(page, 'mona', `/reports?${span(1, 1)}&by=user`)
  await page.getByRole('button', { name: 'Filters' }).click()
  await select(page, 'Person').selectOption({ label: 'Everybody' })
  await expect(page.getByTestId('group').filter({ hasText: 'Bob' })).toContainText('2:30')
  await select(page, 'Person').selectOption({ label: await select(page, 'Person').getByRole('option', { name: /^Bob/ }).innerText() })
  await expect(total(page)).toHaveText('2:30')
})

test('a report is saved, shared by a link that needs no login, revoked and deleted', async ({ page, browser, baseURL }) => {
  const id = Date.now().toString(36)
  const bob = await opened(page, 'bob', `/reports?${span(1, 1)}&by=billable`, [{ start: at('09:00', 1), end: at('10:15', 1), billable: true }])
  await page.getByRole('button', { name: 'Save' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this report' })
  await dialog.getByLabel('Name').fill(`Hours ${id}`)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByTestId('toast').getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/\/reports\/saved/)
  const saved = page.getByTestId('saved').filter({ hasText: id })
  await expect(saved).toContainText('Billable or not')

  const menu = async (entry: string) => {
    await saved.getByRole('button', { name: `More: ` }).click()
    await page.getByRole('menuitem', { name: entry }).click()
  }
  await menu('Rename')
  await page.getByRole('dialog', { name: 'Rename' }).getByLabel('Name').fill(`Invoice ${id}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(saved.getByRole('link', { name: `Invoice ${id}` })).toBeVisible()

  await saved.getByRole('button', { name: 'Share' }).click()
  const share = page.getByRole('dialog', { name: `Share “Invoice ${id}”` })
  await share.getByRole('button', { name: 'Create link' }).click()
  const address = await share.getByTestId('share-address').inputValue()
  await expect(share.getByTestId('share')).toHaveCount(1)
  await accessible(page, 'share')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await share.getByRole('button', { name: 'Copy' }).click()
  await expect(page.getByTestId('toast').filter({ hasText: 'copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address)

  const stranger = await (await browser.newContext({ baseURL, ignoreHTTPSErrors: true, locale: 'en-GB' })).newPage()
  await stranger.goto(address)
  await expect(stranger.getByRole('heading', { name: `Invoice ${id}` })).toBeVisible()
  await expect(total(stranger)).toHaveText('1:15')
  await expect(stranger.getByTestId('group')).toHaveCount(1)
  await accessible(stranger, 'shared report')
  await share.getByRole('button', { name: 'Revoke' }).click()
  await expect(share.getByTestId('share')).toHaveCount(0)
  await stranger.reload()
  await expect(stranger.getByRole('heading', { name: 'This link opens nothing' })).toBeVisible()
  await stranger.context().close()

  await page.keyboard.press('Escape')
  await saved.getByRole('link', { name: `Invoice ${id}` }).click()
  await expect(total(page)).toHaveText('1:15')
  await expect(select(page, 'Group by')).toHaveValue('billable')
  await page.goBack()
  await menu('Delete')
  await expect(saved).toHaveCount(0)
  expect((await bob.call<{ items: { name: string }[] }>('GET', '/saved-reports')).items.filter(({ name }) => name.includes(id))).toEqual([])
})

test('an address that no report can be made of is told', async ({ page }) => {
  await login(page, 'mona')
  for (const query of ['from=2026-05-10&to=2026-05-01', 'from=1999-01-01&to=2026-01-01', 'from=soon&to=later']) {
    await page.goto(`/reports?${query}`)
    await expect(page.getByTestId('unread')).toContainText(query.replace('&', ', '))
  }
  await accessible(page, 'unread')
  await page.getByLabel('Time span').selectOption('this_month')
  await expect(page.getByTestId('unread')).toHaveCount(0)
  await page.goto('/calendar?day=2026-02-31')
  await expect(page.getByRole('alert')).toContainText('“2026-02-31” is no day')
})
