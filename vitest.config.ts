import { defineConfig } from 'vitest/config'

/** Two projects: `fast` needs no network and no process, `real` starts brokers, clients and windows. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,golden,scenarios,properties,rules}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{interop,e2e}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
