import { expect, it } from 'vitest'
import { ManualClock } from '../../../../src-main/base/clock'
import { WrittenTimes } from '../../../../src-main/desk/remote/written-times'

const place = (partition: number) => ({ topic: 'orders', partition })

function times(answer: (offset: number) => Promise<number | null> = async (offset) => 1000 + offset) {
  const clock = new ManualClock()
  const asked: string[] = []
  const known = new WrittenTimes(clock, ({ partition }, offset) => {
    asked.push(`${partition}:${offset}`)
    return answer(offset)
  })
  return { clock, asked, known }
}

it('asks once for the record at which a group stands, and for each that it moves to', async () => {
  const { asked, known } = times()
  expect(await Promise.all([known.at(place(0), 5), known.at(place(0), 5), known.at(place(1), 5)])).toEqual([
    1005, 1005, 1005,
  ])
  expect(await known.at(place(0), 6)).toBe(1006)
  // Another group is still there.
  expect(await known.at(place(0), 5)).toBe(1005)
  expect(asked).toEqual(['0:5', '1:5', '0:6'])
})

it('asks again after a minute: the topic may be another one', async () => {
  const { clock, asked, known } = times()
  await known.at(place(0), 5)
  clock.advance(59_999)
  await known.at(place(0), 5)
  clock.advance(1)
  await known.at(place(0), 5)
  expect(asked).toEqual(['0:5', '0:5'])
})

it('does not keep a failure, and keeps the newest ten offsets of a partition', async () => {
  let isDown = true
  const { asked, known } = times(async (offset) => {
    if (isDown) throw new Error('down')
    return offset
  })
  await expect(known.at(place(0), 5)).rejects.toThrow('down')
  isDown = false
  expect(await known.at(place(0), 5)).toBe(5)
  for (let offset = 6; offset < 16; offset++) await known.at(place(0), offset)
  await known.at(place(0), 5)
  expect(asked.filter((one) => one === '0:5')).toHaveLength(3)
})
