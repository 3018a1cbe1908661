import { constants, PerformanceObserver } from 'node:perf_hooks'
import { leaveRoomForBuffers } from '../../src-main/old-generation'

/** With `--expose-gc`: prints how many collections of all objects 10 MiB of buffers cost that come and go 400 times. */
const buffersPerRound = 10
const bufferBytes = 1024 * 1024

const living = Array.from({ length: 50_000 }, (_, n) => ({ n, text: [n] }))

const turn = () => new Promise((resolve) => void setImmediate(resolve))

async function rounds(times: number, buffersEach: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    const buffers = Array.from({ length: buffersEach }, () => Buffer.allocUnsafeSlow(bufferBytes).buffer)
    Array.from({ length: 2000 }, (_, n) => ({ n }))
    await turn()
    for (const buffer of buffers) buffer.transfer(0)
    await turn()
  }
}

async function run(): Promise<void> {
  leaveRoomForBuffers()
  // The limit is computed at the end of a full collection, and is lower when much has been done since the last one.
  globalThis.gc?.()
  await rounds(2500, 0)
  globalThis.gc?.()
  await turn()
  let full = 0
  const count = (entries: readonly object[]) => {
    const kinds = entries.map((entry) => (entry as { readonly detail: { readonly kind: number } }).detail.kind)
    full += kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MAJOR).length
  }
  const collections = new PerformanceObserver((list) => count(list.getEntries()))
  collections.observe({ entryTypes: ['gc'] })
  await rounds(400, buffersPerRound)
  count(collections.takeRecords())
  console.log(JSON.stringify({ full, living: living.length }))
}

run().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
