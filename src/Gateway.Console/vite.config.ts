import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // a proxy may have a prefix in front
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '^/(v2|healthz|openapi|swagger|console/about.json)': 'http://localhost:8080' } }, // `npx vite`, beside a gateway
  build: {
    assetsDir: 'console', // beside index.html, which is served at / and at /console
    assetsInlineLimit: 0, // the page's policy has no place for data: of its own
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
