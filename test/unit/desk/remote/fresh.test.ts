import { expect, it } from 'vitest'
import { ManualClock } from '../../../../src-main/base/clock'
import { Fresh } from '../../../../src-main/desk/remote/fresh'

/** A question whose answers take as long as the test lets them. */
function question(maxAgeMs: number) {
  const clock = new ManualClock(0)
  let asked = 0
  let answer: (value: number) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const fresh = new Fresh(clock, maxAgeMs, () => {
    asked++
    return new Promise<number>((resolve, reject) => {
      ;[answer, fail] = [resolve, reject]
    })
  })
  /** Asks, and has the answer after this time. */
  const take = async (ms: number) => {
    const given = fresh.get()
    clock.advance(ms)
    answer(asked)
    return await given
  }
  return { clock, fresh, take, fail: (error: Error) => fail(error), asked: () => asked }
}

it('an answer is good for its time, and for longer where it took long', async () => {
  const { clock, fresh, take, asked } = question(2000)
  expect(await take(10)).toBe(1)
  clock.advance(1999)
  expect(await fresh.get()).toBe(1)
  clock.advance(1)
  // 600 ms for an answer: it is good for 6 s.
  expect(await take(600)).toBe(2)
  clock.advance(5999)
  expect(await fresh.get()).toBe(2)
  clock.advance(1)
  // A broker that was away for 14 s says nothing of the size of the cluster.
  expect(await take(14_000)).toBe(3)
  clock.advance(9999)
  expect(await fresh.get()).toBe(3)
  clock.advance(1)
  expect(await take(0)).toBe(4)
  expect(asked()).toBe(4)
})

it('a failure is told to all who wait, and not kept', async () => {
  const { fresh, take, fail, asked } = question(2000)
  const waiting = [fresh.get(), fresh.get()]
  fail(new Error('there is no broker'))
  for (const one of waiting) await expect(one).rejects.toThrow('there is no broker')
  expect(await take(0)).toBe(2)
  fresh.forget()
  expect(await take(0)).toBe(3)
  expect(asked()).toBe(3)
})
