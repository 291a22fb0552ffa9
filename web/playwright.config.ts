// Browser tests against the running system; `cargo xtask test` starts it and sets the variables.
import { defineConfig } from '@playwright/test'

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test\``)
  return value
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // A machine with other work takes three times as long as one without.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  workers: 1,
  // Two cores run the browser and all that it talks to; what needs a second try is told as flaky.
  retries: 1,
  reporter: [['list']],
  use: {
    baseURL: required('TIMETRACKER_TEST_URL'),
    ignoreHTTPSErrors: true,
    // Each test sees the files as they are now; offline.spec.ts lets the worker in.
    serviceWorkers: 'block',
    locale: 'en-GB',
    timezoneId: 'Europe/Zurich',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: required('TIMETRACKER_TEST_CHROMIUM'),
      args: [
        '--no-sandbox',
        // `ignoreHTTPSErrors` is for pages; a service worker is refused without this.
        '--ignore-certificate-errors',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
