import { getHeapSpaceStatistics } from 'node:v8'
import { afterEach, expect, it } from 'vitest'
import { boundYoungGeneration } from '../../src-main/young-generation'

let end: (() => void) | undefined
afterEach(() => end?.())

const youngBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0

const turn = () => new Promise((resolve) => void setImmediate(resolve))

it('stays small while more and more objects live', async () => {
  end = boundYoungGeneration()
  const living: object[][] = []
  let largest = 0
  for (let i = 0; i < 400; i++) {
    living[i % 32] = Array.from({ length: 4000 }, (_, n) => ({ n, text: [n] }))
    await turn()
    largest = Math.max(largest, youngBytes())
  }
  expect(largest).toBeLessThan(24 * 1024 * 1024)
})
