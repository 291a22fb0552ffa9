import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  // `npm run dev` beside a running `cargo xtask up`: same paths as behind the gateway.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/auth'].map((path) => [path, { target: 'https://localhost:8443', secure: false }]),
    ),
  },
  test: { include: ['src/**/*.test.ts'] },
})
