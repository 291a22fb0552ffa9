// The main pages as people see them: both themes, three languages, telephone and desk. The pictures are looked at by
// people: TIMETRACKER_SCREENSHOTS says where they go, for those in docs/.
import { accessible, at, day, expect, login, test, type Person } from './support'

const FOLDER = process.env.TIMETRACKER_SCREENSHOTS ?? 'test-results/pages'

interface Named {
  id: string
}

async function named(person: Person, kind: string, name: string, fields = {}): Promise<string> {
  const { items } = await person.call<{ items: (Named & { name: string })[] }>('GET', `/${kind}?archived=false&q=${encodeURIComponent(name)}`)
  const known = items.find((item) => item.name === name)
  return (known ?? (await person.call<Named>('POST', `/${kind}`, { name, ...fields }))).id
}

/** A few days of somebody's work; the names are long where people's are. */
async function work(person: Person) {
  await person.clear()
  const client_id = await named(person, 'clients', 'Nestor & Daughters')
  const site = await named(person, 'projects', 'Website relaunch for Nestor & Daughters', { color: '#3b82c4', client_id })
  const atlas = await named(person, 'projects', 'Atlas', { color: '#c9772b' })
  await named(person, 'tasks', 'Design', { project_id: atlas })
  const [deep, office] = [await named(person, 'tags', 'deep work'), await named(person, 'tags', 'office')]
  const entry = (back: number, start: string, end: string, description: string, more = {}) => ({ start: at(start, back), end: at(end, back), description, ...more })
  await person.enter(
    entry(1, '08:00', '09:40', 'Plan the sprint with the whole team and write down what was decided', { project_id: site, tag_ids: [office], billable: true }),
    entry(1, '09:40', '12:05', 'Design review', { project_id: site, tag_ids: [deep, office], billable: true }),
    entry(1, '13:00', '16:15', 'Write the report', { project_id: atlas, tag_ids: [deep] }),
    entry(2, '09:00', '12:30', 'Support', { project_id: atlas }),
    entry(2, '22:30', '23:45', 'Release', { project_id: site, billable: true }),
    entry(3, '09:15', '11:45', 'Workshop', { project_id: atlas, billable: true }),
    entry(3, '11:45', '12:30', ''),
  )
  const start = new Date(Date.now() - 5_100_000).toISOString().replace(/\.\d+/, '')
  await person.call('POST', '/timer', { description: 'Prototype of the search', project_id: site, tag_ids: [deep], billable: true, start, zone: 'Europe/Zurich' })
}

for (const [theme, width, language] of [['light', 1440, 'en'], ['dark', 1440, 'fr'], ['dark', 390, 'en'], ['light', 390, 'fr'], ['light', 360, 'de']] as const) {
  test(`the pages at ${width} px, ${theme}, ${language}`, async ({ browser, baseURL }) => {
    const locale = { en: 'en-GB', fr: 'fr-CH', de: 'de-CH' }[language]
    const context = await browser.newContext({ baseURL, ignoreHTTPSErrors: true, colorScheme: theme, locale, timezoneId: 'Europe/Zurich', viewport: { width, height: width > 400 ? 900 : 844 } })
    const page = await context.newPage()
    const alice = await login(page, 'alice')
    await work(alice)
    for (const [path, name, shown] of [
      ['/', 'entries', 'entry'],
      [`/calendar?day=${day(1)}`, 'calendar', 'block'],
      [`/timesheet?day=${day(1)}`, 'timesheet', 'line'],
      [`/reports?from=${day(9)}&to=${day(0)}&then=task`, 'reports', 'group'],
      ['/projects', 'projects', 'item'],
    ] as const) {
      await page.goto(path)
      await expect(page.getByTestId(shown).first()).toBeVisible()
      if (name === 'reports') await expect(page.getByTestId('chart').last().locator('svg path').first()).toBeAttached()
      await expect(page.getByTestId('running-time')).toBeVisible()
      await page.evaluate(() => document.fonts.ready)
      // Nothing is wider than the page.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      await page.screenshot({ path: `${FOLDER}/${name}-${theme}-${width}.png` })
      if (width === 390 && language === 'en') await accessible(page, `${path} at ${width}`)
      // It leaves the page light.
      await page.emulateMedia({ colorScheme: theme })
    }
    await alice.call('POST', '/timer/discard')
    await context.close()
  })
}
