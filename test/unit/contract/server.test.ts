import { describe, expect, test } from 'vitest'
import { connect } from '../../../src-main/contract/client'
import { type Handlers, type Outlet, serve } from '../../../src-main/contract/server'
import type { Wire } from '../../../src-main/contract/wire'
import { memoryWires } from '../../../src-main/wires/memory'

/** A desk with one feed of each kind and one question, and what happened to them. */
function desk() {
  const outlets: Outlet<never>[] = []
  const stopped: number[] = []
  const faults: unknown[] = []
  const watch = (_: unknown, outlet: Outlet<never>) => {
    const place = outlets.push(outlet) - 1
    return () => void stopped.push(place)
  }
  const handlers = { workspace: watch, exchanges: watch, 'exchange.detail': () => ({ seq: 1 }) } as unknown as Handlers
  const [here, there] = memoryWires()
  serve(there, handlers, (error) => faults.push(error))
  return { here, outlets, stopped, faults }
}

const sentTo = (wire: Wire) => {
  const sent: unknown[] = []
  wire.onMessage((message) => sent.push(message))
  return sent
}

describe('the contract, the side of the desk', () => {
  test('what is no message is noted, and harms nobody', () => {
    const { here, faults } = desk()
    const sent = sentTo(here)
    for (const nonsense of [
      null,
      5,
      'text',
      [],
      {},
      { kind: 'call' },
      { kind: 'call', id: 1 },
      { kind: 'open', id: 'x', name: 'workspace' },
    ])
      here.send(nonsense)
    expect(faults).toHaveLength(8)
    here.send({ kind: 'call', id: 2, name: 'exchange.detail', input: { seq: 'one' } })
    here.send({ kind: 'call', id: 3, name: 'constructor', input: null })
    expect(sent).toMatchObject([
      { kind: 'fail', id: 2, message: 'seq must be a whole number from 0 to 9007199254740991' },
      { kind: 'fail', id: 3, message: 'there is no question constructor' },
    ])
  })

  test('an answer that cannot be sent is an error of its question, and one of a wire that sends nothing is noted', async () => {
    const sent: unknown[] = []
    const faults: unknown[] = []
    let listen: (message: unknown) => void = () => {}
    let sendsNothing = false
    const wire: Wire = {
      send(message) {
        if (sendsNothing || (message as { kind: string }).kind === 'done') throw new RangeError('Invalid string length')
        sent.push(message)
      },
      onMessage: (listener) => void (listen = listener),
      onClose() {},
      close() {},
    }
    serve(wire, { 'exchange.detail': () => ({}) } as unknown as Handlers, (error) => faults.push(error))
    const question = { kind: 'call', id: 1, name: 'exchange.detail', input: { seq: 1 } }
    listen(question)
    await expect.poll(() => sent).toEqual([{ kind: 'fail', id: 1, message: 'Invalid string length' }])
    sendsNothing = true
    listen(question)
    await expect.poll(() => faults).toHaveLength(1)
  })

  test('a picture is given when the last one was taken, the newest only', () => {
    const { here, outlets } = desk()
    const sent = sentTo(here)
    here.send({ kind: 'open', id: 1, name: 'workspace' })
    for (const picture of [1, 2, 3]) outlets[0]?.push(picture as never)
    expect(sent).toEqual([{ kind: 'items', id: 1, items: [1] }])
    here.send({ kind: 'more', id: 1 })
    expect(sent[1]).toEqual({ kind: 'items', id: 1, items: [3] })
  })

  test('a page that takes nothing is told so, and its feed ends', () => {
    const { here, outlets, stopped } = desk()
    const sent = sentTo(here)
    here.send({ kind: 'open', id: 1, name: 'exchanges' })
    for (let i = 0; i < 30_000; i++) outlets[0]?.push(i as never)
    expect(sent.at(-1)).toMatchObject({ kind: 'fail', id: 1 })
    expect(stopped).toEqual([0])
  })

  test('feeds are stopped when they fail, when they are closed, and when the page goes; none is opened twice', () => {
    const { here, outlets, stopped } = desk()
    const sent = sentTo(here)
    for (const id of [1, 2, 3]) here.send({ kind: 'open', id, name: 'exchanges' })
    here.send({ kind: 'open', id: 3, name: 'exchanges' })
    expect(sent).toMatchObject([{ kind: 'fail', id: 3, message: 'feed 3 is open already' }])
    outlets[0]?.fail(new Error('gone'))
    here.send({ kind: 'close', id: 2 })
    here.close()
    expect(stopped).toEqual([0, 1, 2])
  })
})

describe('the contract, the side of the page', () => {
  test('when the wire closes, questions and feeds are told, also those that come later', async () => {
    const { here } = desk()
    const client = connect(here, (run) => run())
    const failed: string[] = []
    client.feed('exchanges', null, { items: () => {}, failed: (message) => failed.push(message) })
    here.close()
    expect(failed).toEqual(['The broker is gone.'])
    await expect(client.ask('exchange.detail', { seq: 1 })).rejects.toThrow('The broker is gone.')
  })

  test('who needs time for what came is sent no more until then', async () => {
    const { here, outlets } = desk()
    const client = connect(here, (run) => run())
    const came: unknown[] = []
    let written = () => {}
    client.feed('exchanges', null, {
      items(items) {
        came.push(...items)
        return new Promise<void>((resolve) => (written = resolve))
      },
    })
    for (const item of [1, 2, 3]) outlets[0]?.push(item as never)
    expect(came).toEqual([1])
    written()
    await expect.poll(() => came).toEqual([1, 2, 3])
  })

  test('who cannot take what came is told why, and the feed is closed', async () => {
    const { here, outlets, stopped } = desk()
    const client = connect(here, (run) => run())
    const failed = new Promise<string>((resolve) => {
      client.feed('exchanges', null, {
        items: () => Promise.reject(new Error('The disk is full.')),
        failed: resolve,
      })
    })
    outlets[0]?.push(1 as never)
    expect(await failed).toBe('The disk is full.')
    expect(stopped).toEqual([0])
  })
})
