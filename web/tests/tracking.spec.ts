import { expect, test } from '@playwright/test'

test('a person logs in, tracks time, sees it in the report, and logs out', async ({ page }) => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  const project = `Atlas ${Date.now()}`

  await page.goto('/')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL(/\/auth\/realms\/timetracker\//)
  await page.getByLabel(/username/i).fill('alice')
  await page.getByLabel('Password', { exact: true }).fill('alice')
  await page.getByRole('button', { name: 'Sign In' }).click()
  await expect(page.getByTestId('who')).toContainText('Alice')

  // Minutes that have just passed: what lies in the future is refused, and what lies before may be taken.
  const entries = page.getByTestId('entry')
  const minutesAgo = (minutes: number) =>
    new Date(Date.now() - minutes * 60_000).toLocaleString('sv', { timeZone: 'Europe/Zurich' }).slice(0, 16).replace(' ', 'T')
  const [start, end] = [minutesAgo(3), minutesAgo(2)]
  await page.getByLabel('What did you do?').fill(`Plan ${project}`)
  await page.getByLabel('Project').first().fill(project)
  await page.getByLabel('Start').fill(start)
  await page.getByLabel(/^End/).fill(end)
  await page.getByRole('button', { name: 'Save' }).click()
  const mine = entries.filter({ hasText: project })
  await expect(mine).toContainText(`Plan ${project}`)
  await expect(mine).toContainText('0:01')

  const report = page.getByTestId('report')
  await page.getByLabel('By project').check()
  await expect(report).toContainText(project, { timeout: 10_000 })
  await expect(report).toContainText('0:01')
  await page.screenshot({ path: 'test-results/tracking.png', fullPage: true })

  await mine.getByRole('button', { name: 'Delete' }).click()
  await expect(mine).toHaveCount(0)
  await page.getByLabel('Start').fill(start)
  await page.getByLabel(/^End/).fill(end)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(mine).toContainText('0:01')

  // The same hour again is refused, in words.
  await page.getByLabel('Start').fill(start)
  await page.getByLabel(/^End/).fill(end)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('overlaps another entry')

  await page.getByRole('combobox', { name: 'Language' }).selectOption('fr')
  await expect(page.getByRole('heading', { name: 'Vos saisies' })).toBeVisible()

  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(page.getByRole('button', { name: /Log in|Se connecter/ })).toBeVisible()
  expect(violations).toEqual([])
})

test('nobody sees anything without a login', async ({ page, request }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  const answer = await request.get('/api/v1/time-entries')
  expect(answer.status()).toBe(401)
  expect(answer.headers()['content-type']).toBe('application/problem+json')
})
