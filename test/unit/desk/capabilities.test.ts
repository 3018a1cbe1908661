import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contract } from '../../../src-main/contract/contract'
import { TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const wire = 'This cluster does not tell what goes over the wire. Send your client through Ottla to see it.'

describe('what a page can ask', () => {
  test('is everything of the contract, with the broker in this process', async () => {
    desk = new TestDesk(broker)
    const can = await desk.page.ask('can', undefined)
    expect(Object.keys(can).sort()).toEqual(Object.keys(contract).sort())
    // The demo plays over sockets, which the desk of a test has none of.
    // The stored connections are kept by the process around it, its own broker is never locked, and slices are copied to it.
    const missing = Object.keys(can).filter((name) => can[name] !== true)
    const others = missing.filter(
      (name) =>
        !/^connections?(?:$|[.])|^comparison$|^cluster[.](?:(?:un)?lock|asksForMessages|allowMessages)$|^cop(?:y[.]|ies$)|^doctor$/.test(
          name,
        ),
    )
    expect(others).toEqual(['demo', 'demo.set'])
    expect(can.demo).toBe('This cluster cannot answer that.')
  })

  test('is told with the sentence of the cluster where it cannot answer', async () => {
    desk = new TestDesk(broker, ({ wire: _, clients: __, ...source }) => ({
      ...source,
      cannot: { exchanges: wire, 'exchange.detail': wire },
    }))
    const can = await desk.page.ask('can', undefined)
    expect(can).toMatchObject({ topics: true, exchanges: wire, clients: 'This cluster cannot answer that.' })
    await expect(desk.page.ask('exchange.detail', { seq: 1 })).rejects.toThrow(wire)
    expect((await desk.watch('exchanges', null)).failures).toEqual([wire])
    // What needs such a source only in part goes on without it.
    await broker.client().create('orders')
    expect((await desk.watch('topics', undefined)).items.at(-1)).toMatchObject([{ name: 'orders' }])
    expect((await desk.watch('workspace', undefined)).items.at(-1)).toMatchObject({ topics: 1, clients: 0 })
  })
})
