import { describe, expect, it } from 'vitest'
import { heldBytes, hold, keep, letGo, own } from '../../../src-main/base/held-bytes'

const size = 64 * 1024

function owned(): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  own(bytes)
  return bytes
}

describe('bytes that are held', () => {
  it('are freed when the last holder lets go, and counted until then', () => {
    const before = heldBytes()
    const bytes = owned()
    const view = bytes.subarray(10, 20)
    hold(bytes)
    hold(view)
    expect(heldBytes()).toBe(before + size)
    letGo(bytes)
    expect([bytes.length, view.length]).toEqual([size, 10])
    letGo(view)
    expect([bytes.length, view.length, heldBytes()]).toEqual([0, 0, before])
  })

  it('stay when somebody keeps them', () => {
    const before = heldBytes()
    const bytes = owned()
    hold(bytes)
    keep(bytes.subarray(1))
    letGo(bytes)
    expect([bytes.length, heldBytes()]).toEqual([size, before])
  })

  it('stay when they are not owned, are small, or are a part of a buffer', () => {
    const whole = Buffer.allocUnsafeSlow(2 * size)
    const part = whole.subarray(0, size)
    own(part)
    const small = Buffer.allocUnsafeSlow(100)
    own(small)
    const free = Buffer.allocUnsafeSlow(size)
    for (const bytes of [part, small, free]) {
      hold(bytes)
      letGo(bytes)
    }
    expect([whole.length, small.length, free.length]).toEqual([2 * size, 100, size])
  })
})
