// The benchmark runs as the browser tests do, but alone and for as long as it takes.
import { defineConfig } from '@playwright/test'
import tests from '../playwright.config'

export default defineConfig({ ...tests, testDir: '.', testMatch: '*.bench.ts', outputDir: '../test-results', timeout: 0, retries: 0, use: { ...tests.use, actionTimeout: 60_000 } })
