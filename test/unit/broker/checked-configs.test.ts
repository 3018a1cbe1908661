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
