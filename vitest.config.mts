import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Two projects: `fast` needs no network and no process, `real` starts brokers, clients and windows. */
export default defineConfig({
  test: {
    // Vitest leaves one core unused by itself: of two cores that is half.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,golden,scenarios,properties,rules}/**/*.test.ts'],
          // Ends a test that hangs. No test measures time, and a loaded machine may be slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{interop,e2e}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Windows, JVMs and brokers take their time on a loaded machine; by itself a poll gives up after a second.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
})
