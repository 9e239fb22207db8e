import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { unusedStyles } from './scripts/unused-styles.ts';

/** The page stands below any path, so it refers to its assets relatively; `<base>` says from where. */
export default defineConfig({
  base: './',
  plugins: [react(), unusedStyles()],
  build: {
    outDir: '../src/counterpoint/studio',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
  },
  server: {
    proxy: { '/api': { target: process.env.COUNTERPOINT_STUDIO ?? 'http://127.0.0.1:8601' } },
  },
  test: { environment: 'node', include: ['{src,scripts}/**/*.test.ts'] },
});
