import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
/** Ends the check of the broker's configs; a reason refuses them. */
let end: (why?: string) => void
beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
  const checked = new Promise<string | undefined>((resolve) => {
    end = resolve
  })
  broker.core.configs.checkedBy(() => checked)
})
afterEach(() => broker.dispose())

// A broker takes names that it does not know. The value needs pages of its own.
const large = { name: 'of.plugin', configOperation: 0, value: 'x'.repeat(32_000) }
const small = { name: 'log.retention.ms', configOperation: 0, value: '1000' }

/** Alters this broker, which is checked first, and the defaults of all brokers, which are not. */
async function alter(ofBroker: typeof large, ofAll: typeof large): Promise<readonly string[]> {
  const resources = [
    { resourceType: 4, resourceName: '1', configs: [ofBroker] },
    { resourceType: 4, resourceName: '', configs: [ofAll] },
  ]
  const { responses } = await client.ask('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
  return responses.map(({ errorCode }) => errorName(errorCode))
}

const overrides = (name: string) => Object.fromEntries(broker.core.configs.overrides({ type: 'broker', name }))
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('configs that are checked before they are set, in a request with others', () => {
  test('are answered when all of them are stored', async () => {
    const answer = alter(small, small)
    await turn()
    expect([overrides('1'), overrides('')]).toEqual([{}, { [small.name]: '1000' }])
    end()
    expect(await answer).toEqual(['NONE', 'NONE'])
    expect(overrides('1')).toEqual({ [small.name]: '1000' })
  })

  test('are not set after the answer when the others cannot be stored', async () => {
    broker.workspace.limitFile(broker.workspace.fileBytes())
    let isAnswered = false
    const answer = alter(small, large).finally(() => {
      isAnswered = true
    })
    for (let i = 0; i < 3; i++) await turn()
    expect(isAnswered).toBe(false)
    end()
    expect(await answer).toEqual(['KAFKA_STORAGE_ERROR', 'KAFKA_STORAGE_ERROR'])
  })

  test('are answered as not stored when the turn of the others is rolled back, even if the check refuses them', async () => {
    const answer = alter(small, small)
    // What fails in a turn takes all of it with it.
    const fail = () => {
      throw new Error('the disk is gone')
    }
    expect(() => broker.workspace.write(fail)).toThrow('the disk is gone')
    await turn()
    expect(overrides('')).toEqual({})
    end('no such file')
    expect(await answer).toEqual(['KAFKA_STORAGE_ERROR', 'KAFKA_STORAGE_ERROR'])
  })
})

describe('configs of one listener', () => {
  const invalid = (why: string) => `INVALID_REQUEST Invalid value ${why}`
  const wrapped = (why: string) =>
    invalid(
      `org.apache.kafka.common.config.ConfigException: Invalid value ${why} for configuration Invalid dynamic configuration`,
    )
  const ofBroker = (name: string) =>
    `INVALID_REQUEST Cannot update these configs at default cluster level, broker id must be specified: [listener.name.plaintext.${name}]`

  /** What Apache Kafka 4.4.0 answered for one broker and for all, with a listener PLAINTEXT. */
  test.each([
    ['max.connections', 'abc', invalid('abc for configuration max.connections: Not a number of type INT'), null],
    ['max.connections', '-5', invalid('-5 for configuration max.connections: Value must be at least 0'), null],
    ['max.connections', '5', 'NONE null', null],
    [
      'ssl.client.auth',
      'perhaps',
      invalid('perhaps for configuration ssl.client.auth: String must be one of: required, requested, none'),
      null,
    ],
    [
      'connections.max.reauth.ms',
      'abc',
      wrapped('abc for configuration connections.max.reauth.ms: Not a number of type LONG'),
      'of a broker',
    ],
    [
      'plain.connections.max.reauth.ms',
      'abc',
      wrapped('abc for configuration connections.max.reauth.ms: Not a number of type LONG'),
      'of a broker',
    ],
    ['log.retention.ms', 'abc', invalid('abc for configuration log.retention.ms: Not a number of type LONG'), null],
    ['num.io.threads', '5', 'NONE null', 'of a broker'],
    ['node.id', 'abc', 'NONE null', 'of a broker'],
    ['ssl.principal.mapping.rules', 'FOO', 'NONE null', 'of a broker'],
    ['sasl.jaas.config', 'nonsense', 'NONE null', 'of a broker'],
  ])('have the type of those of all: %s=%s', async (base, value, forOne, forAll) => {
    end()
    const answers = await Promise.all(
      ['1', ''].map(async (resourceName) => {
        const configs = [{ name: `listener.name.plaintext.${base}`, configOperation: 0, value }]
        const resources = [{ resourceType: 4, resourceName, configs }]
        const { responses } = await client.ask('IncrementalAlterConfigs', 1, { resources, validateOnly: true })
        return responses.map(({ errorCode, errorMessage }) => `${errorName(errorCode)} ${errorMessage}`).join()
      }),
    )
    expect(answers).toEqual([forOne, forAll === null ? forOne : ofBroker(base)])
  })
})
