import { afterEach, describe, expect, it } from 'vitest'
import { ClientError } from '../../../src-main/client/failures'
import { type ApiName, apiByName } from '../../../src-main/protocol/api-types'
import { encodeResponse } from '../../../src-main/protocol/frame'
import { FakeCluster, framed, type Reply } from '../../support/fake-cluster'

let cluster: FakeCluster
afterEach(() => cluster.dispose())

/** What a call ended with, as `problem: sentence`. */
async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await cluster.settle(promise)
  } catch (error) {
    if (error instanceof ClientError) return `${error.problem}: ${error.message}`
    throw error
  }
  throw new Error('it did not fail')
}

const range = (name: ApiName, minVersion: number, maxVersion: number) => ({
  apiKey: apiByName(name).key,
  minVersion,
  maxVersion,
})

describe('the version of a request', () => {
  it('is the newest that both sides know, per connection', async () => {
    cluster = new FakeCluster([1, 2])
    cluster.on('ApiVersions', async ({ node, serve }) => {
      const answer = await serve()
      const apiKeys = answer.apiKeys.map((one) =>
        node === 2 && one.apiKey === apiByName('ListGroups').key ? range('ListGroups', 0, 1) : one,
      )
      return { body: { ...answer, apiKeys } }
    })
    const client = cluster.client()
    await cluster.settle(client.nodes())
    for (const nodeId of [1, 2]) {
      await cluster.settle(client.ask({ to: 'node', nodeId }, 'ListGroups', { statesFilter: [], typesFilter: [] }))
    }
    expect(cluster.requests('ListGroups')).toEqual(['1 v5', '2 v1'])
  })

  it('of ApiVersions itself steps down where the broker asks for it (KIP-511)', async () => {
    cluster = new FakeCluster()
    cluster.on('ApiVersions', ({ version }) => {
      const apiKeys = [range('ApiVersions', 0, 2), range('Metadata', 0, 8)]
      if (version <= 2) return { body: { errorCode: 0, apiKeys, throttleTimeMs: 0 } }
      // Version 0 with UNSUPPORTED_VERSION, whatever was asked.
      const chunks = encodeResponse('ApiVersions', 0, 1, { errorCode: 35, apiKeys: [range('ApiVersions', 0, 2)] })
      return { bytes: framed(Buffer.concat(chunks)) }
    })
    await cluster.settle(cluster.client().nodes())
    expect(cluster.requests('ApiVersions')).toEqual(['1 v3', '1 v2'])
    expect(cluster.requests('Metadata')).toEqual(['1 v8'])
  })

  it('is asked for only where there is one: else a sentence, and no request', async () => {
    cluster = new FakeCluster()
    const apiKeys = [range('ApiVersions', 0, 3), range('Metadata', 0, 8), range('Produce', 14, 20)]
    cluster.on('ApiVersions', () => ({ body: { errorCode: 0, apiKeys, throttleTimeMs: 0 } }))
    const client = cluster.client()
    await cluster.settle(client.nodes())
    const list = client.ask({ to: 'node', nodeId: 1 }, 'ListGroups', { statesFilter: [], typesFilter: [] })
    expect(await failure(list)).toBe('unsupported: node:1 does not serve ListGroups.')
    const produce = client.ask({ to: 'node', nodeId: 1 }, 'Produce', { acks: 1, timeoutMs: 1, topicData: [] })
    expect(await failure(produce)).toContain('serves Produce in versions 14 to 20, and this client knows none of them')
    expect(cluster.requests('Produce')).toEqual([])
  })
})

describe('a first answer', () => {
  const first = (reply: Reply) => {
    cluster = new FakeCluster()
    cluster.on('ApiVersions', () => reply)
    return failure(cluster.client().nodes())
  }

  it('of a TLS listener says what to set', async () => {
    // A fatal alert: TLS 1.2, unexpected message.
    const alert = Buffer.from('15030300020246', 'hex')
    expect(await first({ bytes: alert })).toBe(
      'malformed: node:1 speaks TLS: set security.protocol=SSL, or SASL_SSL with a user.',
    )
  })

  it('of a web server says that it is one', async () => {
    expect(await first({ bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') })).toBe(
      'malformed: node:1 speaks HTTP, it is not a Kafka listener.',
    )
  })

  it('that does not come says what it may be', async () => {
    expect(await first('silence')).toBe(
      'timeout: node:1 accepted the connection and answered nothing for 10 s. Is it a Kafka listener? If it speaks TLS, set security.protocol=SSL, or SASL_SSL with a user.',
    )
  })

  it('that is the end of the connection says so, at once', async () => {
    expect(await first('close')).toContain('closed: node:1 closed the connection at the first request.')
    expect(cluster.dialled).toEqual([1])
  })

  it.each([
    ['a negative length', -5],
    ['a huge length', 0x7fffffff],
  ])('with %s is refused, and nothing is allocated for it', async (_, length) => {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32BE(length)
    expect(await first({ bytes })).toBe(`malformed: node:1 does not speak Kafka: its answer declares ${length} bytes.`)
  })
})

describe('an answer', () => {
  const metadata = { topics: [] }
  const list = { statesFilter: [], typesFilter: [] }
  const toFirst = { to: 'node', nodeId: 1 } as const

  it('that is longer than the limit closes the connection', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', () => ({ bytes: Buffer.from('7fffffff', 'hex') }))
    const client = cluster.client({ maxResponseBytes: 1000 })
    expect(await failure(client.ask(toFirst, 'ListGroups', list))).toBe(
      'malformed: node:1 announced an answer of 2147483647 bytes; the limit is 1000.',
    )
  })

  it('with the number of another request closes the connection', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', () => ({ bytes: framed(Buffer.from('0fffffff00', 'hex')) }))
    const client = cluster.client()
    expect(await failure(client.ask(toFirst, 'ListGroups', list))).toBe(
      'malformed: node:1 answered ListGroups with the number of another request.',
    )
  })

  it('that cannot be read names the API and the field', async () => {
    cluster = new FakeCluster()
    const client = cluster.client()
    await cluster.settle(client.nodes())
    cluster.on('ListGroups', ({ correlationId }) => {
      // No tags, no throttle time, error 0, and a count that lies.
      const frame = Buffer.from('0000000000000000000000ff7f', 'hex')
      frame.writeInt32BE(correlationId)
      return { bytes: framed(frame) }
    })
    expect(await failure(client.ask(toFirst, 'ListGroups', list))).toContain(
      'malformed: The answer of node:1 to ListGroups cannot be read: ListGroups v5 response: groups',
    )
  })

  it('that does not come in time closes the connection, and the next request opens another', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', () => 'silence')
    const client = cluster.client()
    await cluster.settle(client.nodes())
    expect(await failure(client.ask(toFirst, 'ListGroups', list))).toBe(
      'timeout: node:1 did not answer ListGroups within 30 s.',
    )
    const before = cluster.dialled.length
    await cluster.settle(client.ask(toFirst, 'Metadata', metadata))
    expect(cluster.dialled.length).toBe(before + 1)
  })

  it('that the end of the connection replaces names the request', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', () => 'close')
    expect(await failure(cluster.client().ask(toFirst, 'ListGroups', list))).toBe(
      'closed: node:1 closed the connection instead of answering ListGroups.',
    )
  })

  it('with a throttle time holds the next request back so long (KIP-219)', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', async ({ serve }) => ({ body: { ...(await serve()), throttleTimeMs: 500 } }))
    const client = cluster.client()
    await cluster.settle(client.ask(toFirst, 'ListGroups', list))
    const before = cluster.clock.now()
    let answered = false
    const next = client.ask(toFirst, 'Metadata', metadata).then(() => {
      answered = true
    })
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    await cluster.settle(next, 100)
    expect(cluster.clock.now() - before).toBe(500)
  })

  it('is waited for by five requests at a time; the next is sent when one is answered', async () => {
    cluster = new FakeCluster()
    let answers = 0
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    cluster.on('ListGroups', async ({ serve }) => {
      if (answers++ > 0) await gate
      return { body: await serve() }
    })
    const client = cluster.client()
    await cluster.settle(client.nodes())
    const all = Promise.all(Array.from({ length: 20 }, () => client.ask(toFirst, 'ListGroups', list)))
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
    // One was answered, five are under way; the fake serves the second and has read the others.
    expect(cluster.received('ListGroups')).toBe(6)
    go()
    expect(await cluster.settle(all)).toHaveLength(20)
  })
})

describe('a client', () => {
  it('that is read-only sends nothing that its rule forbids', async () => {
    cluster = new FakeCluster()
    const forbids = (api: ApiName) => (api === 'DeleteGroups' ? 'This cluster is read-only.' : undefined)
    const client = cluster.client({ forbids })
    await cluster.settle(client.nodes())
    expect(await failure(client.ask({ to: 'node', nodeId: 1 }, 'DeleteGroups', { groupsNames: ['g'] }))).toBe(
      'notPermitted: This cluster is read-only.',
    )
    expect(cluster.requests('DeleteGroups')).toEqual([])
  })

  it('that is disposed fails what waits, and leaves no timer', async () => {
    cluster = new FakeCluster()
    cluster.on('ListGroups', () => 'silence')
    const client = cluster.client()
    await cluster.settle(client.nodes())
    const timers = cluster.clock.waiting
    const waiting = client.ask({ to: 'node', nodeId: 1 }, 'ListGroups', { statesFilter: [], typesFilter: [] })
    await new Promise((resolve) => setImmediate(resolve))
    client.dispose()
    expect(await failure(waiting)).toContain('disposed:')
    expect(await failure(client.nodes())).toContain('disposed:')
    expect(cluster.clock.waiting).toBe(timers)
  })
})
