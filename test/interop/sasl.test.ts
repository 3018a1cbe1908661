import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { needsPython, runPython } from '../support/python'
import { itNeeds } from '../support/require'

const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]
const script = join(__dirname, 'clients/sasl.py')

let broker: BrokerProcess
let secured: string
beforeAll(async () => {
  const taken = await takePort()
  secured = `127.0.0.1:${taken.port}`
  await taken.release()
  broker = await BrokerProcess.start({
    args: [
      '--listener',
      `sasl_plaintext://${secured}`,
      '--config',
      'sasl.jaas.config=PlainLoginModule required user_alice="alice-secret";',
    ],
  })
})
afterAll(async () => {
  await broker.dispose()
})

describe('a listener that asks who is there', () => {
  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    itNeeds(confluent, `lets a known user in by ${mechanism}, and no other`, async () => {
      expect(await runPython('current', script, [broker.address, secured, mechanism])).toBe(
        'in 1\nout _AUTHENTICATION\n',
      )
    })
  }

  itNeeds(confluent, 'serves nobody who has not said who it is', async () => {
    expect(await runPython('current', script, [broker.address, secured, ''])).toBe('refused\n')
  })
})
