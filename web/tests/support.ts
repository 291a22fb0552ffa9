// What the browser tests share: a login through Keycloak, the API as that person, and what every page must be.
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test'

export { expect }

/** Fails when a page breaks its own policy, asks elsewhere, or throws. */
export const test = base.extend<{ wrong: string[] }>({
  wrong: [
    async ({ context, baseURL }, use) => {
      const wrong: string[] = []
      const origin = new URL(baseURL ?? '').origin
      context.on('console', (message) => {
        if (/Content Security Policy|Unhandled|\[Vue warn\]|\[intlify\]/.test(message.text())) wrong.push(message.text())
      })
      context.on('weberror', (error) => wrong.push(String(error.error())))
      context.on('request', (request) => {
        const { protocol, origin: asked } = new URL(request.url())
        if (protocol.startsWith('http') && asked !== origin) wrong.push(request.url())
      })
      await use(wrong)
      expect(wrong).toEqual([])
    },
    { auto: true },
  ],
})

/** Fills in Keycloak's form. */
export async function typeLogin(page: Page, user: string) {
  await page.getByLabel(/username|utilisateur|Benutzername/i).fill(user)
  await page.locator('#password').fill(user)
  await page.locator('#kc-login').click()
}

/** The API as the person who logs in on the page. */
export class Person {
  constructor(
    private readonly request: APIRequestContext,
    readonly token: string,
  ) {}

  async call<T = Record<string, unknown>>(method: string, path: string, data?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.request.fetch(`/api/v1${path}`, { method, data, headers: { Authorization: `Bearer ${this.token}`, ...headers } })
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
    return (answer.status() === 204 ? undefined : await answer.json()) as T
  }

  /** Deletes all entries of the person. */
  async clear() {
    for (;;) {
      const { items } = await this.call<{ items: { id: string; version: number }[] }>('GET', '/time-entries?limit=200')
      if (!items.length) return
      await this.call('POST', '/time-entries/bulk', { items: items.map(({ id, version }) => ({ action: 'delete', id, version })) })
    }
  }

  /** Entries that ended: each so many minutes before the one that comes after it. */
  async enter(...entries: { description?: string; start: string; end?: string | null; project_id?: string; task_id?: string; tag_ids?: string[]; billable?: boolean; zone?: string }[]) {
    const items = entries.map((entry) => ({ action: 'create', entry: { zone: 'Europe/Zurich', ...entry } }))
    return this.call('POST', '/time-entries/bulk', { items })
  }
}

/** Logs in on the page; answers the API as that person, whose entries are gone. */
export async function login(page: Page, user: string, path = '/'): Promise<Person> {
  const answered = page.waitForResponse((response) => response.url().endsWith('/protocol/openid-connect/token'))
  await page.goto(path)
  await page.getByRole('button', { name: /^(Log in|Se connecter|Anmelden)$/ }).click()
  await typeLogin(page, user)
  const { access_token } = (await (await answered).json()) as { access_token: string }
  const person = new Person(page.request, access_token)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  // Other tests change profiles, and whoever has changed one before the first login here is not taken to be where the browser is.
  if ((await person.call<{ zone: string; version: number }>('GET', '/me')).zone !== ZONE) await person.call('PATCH', '/me', { zone: ZONE }, { 'If-Match': '*' })
  return person
}

/** The browsers' zone. */
const ZONE = 'Europe/Zurich'

/** The calendar day in the tests' zone, so many days ago. */
export function day(back = 0): string {
  return new Date(Date.now() - back * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Zurich' })
}

/** An instant on that day by the clock of the tests' zone. */
export function at(clock: string, back = 0): string {
  const shown = new Date(Date.now() - back * 86_400_000).toLocaleString('en', { timeZone: 'Europe/Zurich', timeZoneName: 'longOffset' })
  return `${day(back)}T${clock}:00${/GMT(.*)$/.exec(shown)?.[1] || 'Z'}`
}

/** No violation of WCAG 2.2 AA, in both themes. */
export async function accessible(page: Page, what: string) {
  // What is off the screen keeps the other theme's colours until it comes into view.
  await page.evaluate(() => {
    for (const part of document.querySelectorAll<HTMLElement>('body *')) {
      if (getComputedStyle(part).contentVisibility === 'auto') part.style.contentVisibility = 'visible'
    }
  })
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    // The new colours are there with the next frames, the last of them when nothing moves any more.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    await page.waitForTimeout(200)
    await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity))
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
    const said = violations.map(({ id, nodes }) => `${what}, ${theme}: ${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`)
    expect(said).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
