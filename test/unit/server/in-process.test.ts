import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import type { Broker, Served } from '../../../src-main/broker/serve'
import { FrameReader } from '../../../src-main/protocol/frame-reader'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'

let server: Server
afterEach(() => server.stop())

/** Connects to a broker that answers every frame with itself, and with what `more` says of it. */
function connect(more: (text: string) => Partial<Served> = () => ({})) {
  const closed: number[] = []
  const broker: Broker = {
    opened() {},
    serve: (_, frame) => ({
      response: Promise.resolve([Buffer.from(frame)]),
      pipelined: true,
      ...more(frame.toString()),
    }),
    closed: ({ id }) => void closed.push(id),
    frameLimit: () => Number.POSITIVE_INFINITY,
    unreadable() {},
    admits: () => 0,
    refused() {},
  }
  server = new Server({ broker, limits: defaultLimits, clock: new ManualClock(0), log: silentLog })
  const { id, stream } = server.openInProcess()
  const answers: string[] = []
  const reader = new FrameReader(1000, (frame) => answers.push(frame.toString()))
  stream.on('data', (chunk: Buffer) => reader.push(chunk))
  return { id, stream, answers, closed }
}

/** Writes requests at once; resolves when they are answered. */
function ask(stream: ReturnType<typeof connect>['stream'], ...texts: readonly string[]): Promise<void> {
  const frames = texts.map((text) => {
    const frame = Buffer.alloc(4 + text.length)
    frame.writeInt32BE(text.length)
    frame.write(text, 4)
    return frame
  })
  return new Promise((resolve, reject) => {
    stream.write(Buffer.concat(frames), (error) => (error ? reject(error) : resolve()))
  })
}

describe('a connection in this process', () => {
  test('answers one request after the other, and stays open', async () => {
    const { stream, answers } = connect(() => ({ afterwards: { pauseMs: 0, isLast: false } }))
    await ask(stream, 'one', 'two')
    await ask(stream, 'three')
    while (answers.length < 3) await once(stream, 'data')
    expect(answers).toEqual(['one', 'two', 'three'])
    expect(stream.destroyed).toBe(false)
  })

  test('ends behind an answer that is the last', async () => {
    const { id, stream, answers, closed } = connect((text) => ({ afterwards: { pauseMs: 0, isLast: text === 'bye' } }))
    const end = once(stream, 'end')
    await ask(stream, 'one', 'bye', 'never')
    await end
    expect(answers).toEqual(['one', 'bye'])
    stream.destroy()
    await once(stream, 'close')
    expect(closed).toEqual([id])
  })

  test('is closed by a request that cannot be read', async () => {
    const { stream, answers } = connect((text) =>
      text === 'bad' ? { response: Promise.reject(new Error('it cannot be read')) } : {},
    )
    const close = once(stream, 'close')
    await ask(stream, 'one', 'bad')
    await close
    expect(stream.destroyed).toBe(true)
    expect(answers).not.toContain('bad')
  })
})
