import { defineConfig } from 'vite'

/** One file, no dependencies, readable by every browser that still gets security updates. */
export default defineConfig({
  logLevel: 'warn',
  build: {
    target: 'es2022',
    // The declarations that `tsc` writes live in the same folder.
    emptyOutDir: false,
    minify: true,
    reportCompressedSize: false,
    lib: { entry: 'src/link.ts', formats: ['es'], fileName: () => 'linkmoney-web.min.js' },
    rolldownOptions: { output: { minify: true } },
  },
})
