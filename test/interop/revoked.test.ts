import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { needsPython, runPython } from '../support/python'
import { itNeeds } from '../support/require'
import { SecuredBroker } from '../support/secured-broker'

const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]
const script = join(__dirname, 'clients/acl_revoked.py')

let broker: SecuredBroker
beforeAll(async () => {
  broker = await SecuredBroker.start()
})
afterAll(async () => {
  await broker.dispose()
})

/** The same lines come from Apache Kafka 4.4. */
describe('a librdkafka member of the consumer protocol', () => {
  const run = (revoked: string) => {
    const { plaintext, sasl_plaintext: secured } = broker.addresses
    return runPython('current', script, [plaintext, secured, revoked])
  }

  itNeeds(confluent, 'consumes again when READ on its topic is revoked and allowed again', async () => {
    expect(await run('topic')).toBe('reads\ndenied\nreads again\n')
  })

  itNeeds(
    confluent,
    'gives up for good when READ on its group is revoked: GROUP_AUTHORIZATION_FAILED is fatal to librdkafka',
    async () => {
      expect(await run('group')).toBe('reads\ngives up\n')
    },
  )
})
