import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { dependencies, optionalDependencies } from './package.json'

/**
 * What stays outside the bundles: Electron, and the `dependencies` of package.json, which are native modules, WebAssembly
 * and what stands in for them. Everything else is a devDependency and bundled, so that a start opens few files.
 */
const outside = ['electron', ...Object.keys(dependencies), ...Object.keys(optionalDependencies)]
const external = new RegExp(`^(?:${outside.join('|')})(?:/|$)`)

/** One bundle per process or thread: its name in `out/main`, and the file that it begins with. */
const entries = {
  main: 'src-main/main.ts',
  headless: 'src-main/headless.ts',
  shrink: 'src-main/shrink-command.ts',
  groups: 'src-main/groups-command.ts',
  schemas: 'src-main/schemas-command.ts',
  copy: 'src-main/copy-command.ts',
  doctor: 'src-main/doctor-command.ts',
  connections: 'src-main/connections-command.ts',
  compare: 'src-main/compare-command.ts',
  'broker-thread': 'src-main/broker-thread.ts',
  'checkpoint-thread': 'src-main/storage/checkpoint-thread.ts',
  'reader-thread': 'src-main/desk/embedded/reader-thread.ts',
}

const input = Object.fromEntries(
  Object.entries(entries)
    .map(([name, file]) => [name, resolve(file)] as const)
    .filter(([, file]) => existsSync(file)),
)

const pages = existsSync('src-renderer/index.html') ? resolve('src-renderer/index.html') : undefined

// The oldest runtime that the tests open: Node 16 with Chromium 108. Syntax is lowered to it; nothing measurable is lost.
export default defineConfig({
  main: {
    build: {
      target: 'node16',
      externalizeDeps: false,
      // A broker that runs may still load a chunk of the build that it began with.
      emptyOutDir: false,
      rolldownOptions: {
        input,
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node16',
      externalizeDeps: false,
      rolldownOptions: { input: { preload: resolve('src-main/preload.ts') }, output: { entryFileNames: '[name].js' } },
    },
  },
  renderer:
    pages === undefined
      ? undefined
      : {
          root: 'src-renderer',
          publicDir: false,
          plugins: [react()],
          build: {
            target: 'chrome108',
            cssTarget: 'chrome108',
            // The pages' policy allows no data: fonts.
            assetsInlineLimit: 0,
            emptyOutDir: false,
            rolldownOptions: { input: { index: pages } },
          },
        },
})
