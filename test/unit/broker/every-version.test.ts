import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handlers } from '../../../src-main/broker/handlers'
import { type ApiName, apiByName } from '../../../src-main/protocol/api-types'
import { decode } from '../../../src-main/protocol/codec'
import { errorName } from '../../../src-main/protocol/errors'
import { decodeResponse, encodeRequest } from '../../../src-main/protocol/frame'
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

  /** The answer, when the time has passed that it waits for (a fetch, a join). */
  async function inTime<T>(answer: Promise<T>): Promise<T> {
    let isThere = false
    const settled = answer.finally(() => {
      isThere = true
    })
    for (let turns = 0; !isThere; turns++) {
      if (turns > 200) throw new Error('it gets no answer')
      await Promise.race([settled.catch(() => {}), new Promise((resolve) => setImmediate(resolve))])
      // Twenty turns of the event loop are more than any answer needs that does not wait for time.
      if (!isThere && turns >= 20) broker.clock.advance(10_000)
    }
    return settled
  }

  /** It can be read in its version, and its errors are Kafka's; none is a mistake of ours. */
  function checkAnswer(name: ApiName, { version, case: which }: Line, bytes: Buffer): void {
    const { correlationId, body } = decodeResponse(name, version, bytes)
    expect(correlationId).toBe(7)
    // A code that Kafka does not have has this name too.
    const names = [...errorCodesIn(body)].map(errorName)
    expect(names, `${which} v${version}`).not.toContain('UNKNOWN_SERVER_ERROR')
  }

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
        const chunks = await inTime(client.serve(frame)).catch((error: Error) => {
          // A produce with acks=0 that fails, and an ACL with UNKNOWN in it, end the connection in Kafka too: that is the answer.
          if (/acks=0|UNKNOWN elements/.test(error.message)) return null
          throw new Error(`${name} v${line.version}, case ${line.case}: ${error.message}`, { cause: error })
        })
        if (chunks) checkAnswer(name, line, Buffer.concat(chunks))
        broker.broker.closed(client.connection)
        served.add(line.version)
      }
      expect(broker.logged.filter((line) => line.startsWith('error'))).toEqual([])
      for (let version = versions[0]; version <= versions[1]; version++) expect(served).toContain(version)
    })
  }
})

/** Every `errorCode` in a response, at any depth. */
function* errorCodesIn(value: unknown): Generator<number> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  for (const [name, one] of Object.entries(value)) {
    if (name === 'errorCode') yield one as number
    else yield* errorCodesIn(one)
  }
}
