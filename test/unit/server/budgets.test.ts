import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { type Receiver, ReplyBudget } from '../../../src-main/server/reply-budget'
import { RequestBudget, type Sender } from '../../../src-main/server/request-budget'

let clock: ManualClock
beforeEach(() => {
  clock = new ManualClock()
})

describe('RequestBudget', () => {
  class TestSender implements Sender {
    midFrame = true
    readonly heard: string[] = []
    held = 0
    readonly #budget: RequestBudget

    constructor(budget: RequestBudget) {
      this.#budget = budget
    }

    hold(bytes: number): void {
      const delta = bytes - this.held
      this.held = bytes
      this.#budget.change(this, delta)
    }

    pauseReading(): void {
      this.heard.push('pause')
    }

    resumeReading(): void {
      this.heard.push('resume')
    }

    giveUp(): void {
      this.heard.push('giveUp')
      this.hold(0)
      this.#budget.forget(this)
    }
  }

  let budget: RequestBudget
  let senders: TestSender[]
  beforeEach(() => {
    budget = new RequestBudget(100, clock)
    senders = [new TestSender(budget), new TestSender(budget), new TestSender(budget)]
  })

  it('leaves everybody alone below the limit', () => {
    for (const sender of senders) sender.hold(33)
    expect(senders.flatMap((sender) => sender.heard)).toEqual([])
    expect(budget.usedBytes).toBe(99)
  })

  it('lets one on over the limit and holds the others back until there is room', () => {
    const [a, b, c] = senders as [TestSender, TestSender, TestSender]
    a.hold(60)
    b.hold(60)
    c.hold(10)
    a.hold(70)
    expect([a.heard, b.heard, c.heard]).toEqual([['pause'], [], ['pause']])
    b.hold(0)
    expect([a.heard, b.heard, c.heard]).toEqual([['pause', 'resume'], [], ['pause', 'resume']])
  })

  it('passes the turn on while memory is still short', () => {
    const [a, b, c] = senders as [TestSender, TestSender, TestSender]
    a.hold(200)
    b.hold(150)
    c.hold(10)
    a.hold(0)
    expect([a.heard, b.heard, c.heard]).toEqual([[], ['pause', 'resume'], ['pause']])
    b.hold(0)
    expect(c.heard).toEqual(['pause', 'resume'])
  })

  it('closes the one that is let on when it sends nothing more', () => {
    const [a, b] = senders as [TestSender, TestSender]
    a.hold(200)
    b.hold(10)
    clock.advance(4999)
    expect(a.heard).toEqual([])
    clock.advance(1)
    expect([a.heard, b.heard]).toEqual([['giveUp'], ['pause', 'resume']])
    expect(clock.waiting).toBe(0)
  })

  it('passes the turn on from one that only waits for its answer', () => {
    const [a, b] = senders as [TestSender, TestSender]
    a.hold(200)
    a.midFrame = false
    b.hold(10)
    clock.advance(5000)
    expect([a.heard, b.heard]).toEqual([[], ['pause', 'resume']])
  })
})

describe('ReplyBudget', () => {
  class TestReceiver implements Receiver {
    sentBytes = 0
    readonly heard: string[] = []
    readonly #budget: ReplyBudget
    unsent = 0

    constructor(budget: ReplyBudget) {
      this.#budget = budget
    }

    owe(bytes: number): void {
      const before = this.unsent
      this.unsent = bytes
      this.#budget.change(this, before, bytes)
    }

    resumeServing(): void {
      this.heard.push('resume')
    }

    giveUp(): void {
      this.heard.push('giveUp')
      this.owe(0)
      this.#budget.forget(this)
    }
  }

  it('keeps fetches waiting while too much is unsent', () => {
    const budget = new ReplyBudget(100, clock)
    const [slow, other] = [new TestReceiver(budget), new TestReceiver(budget)]
    expect(budget.admits(slow)).toBe(true)
    slow.owe(101)
    expect(budget.admits(other)).toBe(false)
    slow.owe(50)
    expect(other.heard).toEqual(['resume'])
    expect(clock.waiting).toBe(0)
  })

  it('closes who reads nothing, and not who reads slowly', () => {
    const budget = new ReplyBudget(100, clock)
    const [stalled, slow, other] = [new TestReceiver(budget), new TestReceiver(budget), new TestReceiver(budget)]
    stalled.owe(60)
    slow.owe(60)
    budget.admits(other)
    slow.sentBytes = 1
    clock.advance(10_000)
    expect([stalled.heard, slow.heard, other.heard]).toEqual([['giveUp'], [], ['resume']])
  })

  it('closes nobody while nobody waits', () => {
    const budget = new ReplyBudget(100, clock)
    const stalled = new TestReceiver(budget)
    stalled.owe(500)
    clock.advance(60_000)
    expect(stalled.heard).toEqual([])
  })
})
