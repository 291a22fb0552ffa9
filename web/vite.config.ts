import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { VitePWA } from 'vite-plugin-pwa'
import { precompress } from './build/precompress.ts'

export default defineConfig({
  plugins: [
    vue(),
    tailwindcss(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/offline',
      filename: 'sw.ts',
      // The app registers the worker itself, and public/ has the manifest.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,svg,png,woff2,webmanifest}'],
        // The API's documentation is for those who have a network.
        globIgnores: ['docs/**', 'assets/docs*'],
        dontCacheBustURLsMatching: /^assets\//,
      },
    }),
    precompress(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  // Parts of the libraries that the app does not use.
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    // The documentation is a page of its own, so that the app does not load it.
    rolldownOptions: {
      input: { app: 'index.html', docs: 'docs/index.html', 'docs-login': 'docs/oauth2-redirect.html' },
    },
    // What a page loads first is read by a test.
    manifest: true,
    // A file of its own may be kept for ever; an address with its content in it may not be allowed by the policy.
    assetsInlineLimit: 0,
    // Swagger UI comes as one file of 1.7 MB.
    chunkSizeWarningLimit: 2000,
  },
  test: { include: ['src/**/*.test.ts', 'build/**/*.test.ts'] },
})
