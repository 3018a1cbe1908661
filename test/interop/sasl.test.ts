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
let encrypted: string
beforeAll(async () => {
  const taken = await Promise.all([takePort(), takePort()])
  secured = `127.0.0.1:${taken[0].port}`
  encrypted = `127.0.0.1:${taken[1].port}`
  await Promise.all(taken.map(({ release }) => release()))
  broker = await BrokerProcess.start({
    args: [
      '--listener',
      `sasl_plaintext://${secured}`,
      '--listener',
      `ssl://${encrypted}`,
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

describe('a listener with TLS', () => {
  itNeeds(confluent, 'is trusted by who has the authority of the workspace, and by nobody else', async () => {
    const output = await runPython('current', join(__dirname, 'clients/tls.py'), [encrypted, `${broker.file}.ca.pem`])
    expect(output).toBe('1 0\n')
  })
})
