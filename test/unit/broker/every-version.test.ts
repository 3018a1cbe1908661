import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handlers } from '../../../src-main/broker/handlers'
import { apiByName } from '../../../src-main/protocol/api-types'
import { decode } from '../../../src-main/protocol/codec'
import { encodeRequest } from '../../../src-main/protocol/frame'
import type { Api } from '../../../src-main/protocol/schema'
import { corpus } from '../../golden/corpus'
import { TestBroker } from '../../support/core'

interface Line {
  readonly api: string
  readonly kind: 'request' | 'response'
  readonly version: number
  readonly case: string
  readonly hex: string
}

/** Every request of the Java client's corpus is put to the broker: whatever it asks for, it gets an answer in its version. */
describe('every version of every API is answered', () => {
  let broker: TestBroker
  beforeAll(() => {
    broker = new TestBroker()
  })
  afterAll(() => broker.dispose())

  const requests = new Map<string, Line[]>()
  for (const file of ['messages', 'messages-dropped']) {
    for (const line of corpus<Line>(file)) {
      if (line.kind === 'request') requests.set(line.api, [...(requests.get(line.api) ?? []), line])
    }
  }
  for (const { api: name, versions } of handlers) {
    test(`${name} ${versions[0]}-${versions[1]}`, async () => {
      const api: Api = apiByName(name)
      const lines = (requests.get(name) ?? []).filter(({ version }) => version >= versions[0] && version <= versions[1])
      const served = new Set<number>()
      for (const line of lines) {
        const client = broker.client()
        const body = decode(api.request, line.version, Buffer.from(line.hex, 'hex'))
        const frame = Buffer.concat(encodeRequest(name, line.version, 7, 'golden', body as never))
        const answer = client.serve(frame).catch((error: Error) => {
          // A produce with acks=0 that fails, and an ACL with UNKNOWN in it, end the connection in Kafka too: that is the answer.
          if (/acks=0|UNKNOWN elements/.test(error.message)) return null
          throw new Error(`${name} v${line.version}, case ${line.case}: ${error.message}`, { cause: error })
        })
        // Who waits (a fetch, a join) is not what this is about: its time passes.
        const waits = await Promise.race([
          answer.then(() => false),
          new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(true)))),
        ])
        if (waits) {
          broker.clock.advance(600_000)
          broker.broker.closed(client.connection)
        }
        await Promise.race([answer, new Promise((resolve) => setImmediate(() => setImmediate(resolve)))])
        served.add(line.version)
      }
      expect(broker.logged.filter((line) => line.startsWith('error'))).toEqual([])
      for (let version = versions[0]; version <= versions[1]; version++) expect(served).toContain(version)
    })
  }
})
