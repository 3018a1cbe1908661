import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, runJava } from '../support/java'
import { itNeeds } from '../support/require'

/** What the same program prints on Apache Kafka 4.4.0, with the same setting. */
const onKafka = [
  'implicit: 10 records, counts [1]',
  'implicit: lag 0',
  'explicit: [0, 1, 2, 3] then [1] counts [2]',
  'explicit: lag 0',
  'exhausted: deliveries [1, 2, 3, 4, 5], then 0',
  'exhausted: lag 0',
  'lock: [0, 1] counts [2], late: [none]',
  'renew: stolen 0',
  'renew: lag 0',
  'closed: [0, 1, 2] counts [2]',
  'shared: 300 records, twice 0',
  'limit: 20 records, at most 1 at once',
  'reset: while active: GroupNotEmptyException',
  'reset: [2, 3, 4]',
  'reset: Empty members 0',
  'reset: groups 0',
]

let broker: BrokerProcess
beforeEach(async () => {
  broker = await BrokerProcess.start({ args: ['--config', 'group.share.min.record.lock.duration.ms=1000'] })
})
afterEach(() => broker.dispose())

describe('share groups', () => {
  itNeeds([needsJava()], 'do for KafkaShareConsumer 4.4 what those of Apache Kafka 4.4 do', async () => {
    const printed = await runJava(join(__dirname, 'clients/ShareGroups.java'), [broker.address])
    expect(printed.trim().split('\n')).toEqual(onKafka)
  })
})
