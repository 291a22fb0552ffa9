import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  build: {
    // The documentation is a page of its own, so that the app does not load it.
    rolldownOptions: {
      input: { app: 'index.html', docs: 'docs/index.html', 'docs-login': 'docs/oauth2-redirect.html' },
    },
    // Swagger UI comes as one file of 1.7 MB.
    chunkSizeWarningLimit: 2000,
  },
  // `npm run dev` beside a running `cargo xtask up`: same paths as behind the gateway.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/auth', '/problems'].map((path) => [path, { target: 'https://localhost:8443', secure: false }]),
    ),
  },
  test: { include: ['src/**/*.test.ts'] },
})
