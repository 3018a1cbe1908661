import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, runJava } from '../support/java'
import { itNeeds } from '../support/require'

let broker: BrokerProcess
beforeAll(async () => {
  broker = await BrokerProcess.start()
})
afterAll(() => broker.dispose())

/** `name -> answer`, by name. What is different every time is left out. */
function chat(text: string): Map<string, string> {
  const same = text.replaceAll(broker.address, 'ADDRESS').replace(/directoryId=[\w-]{22}\)\]/g, 'directoryId=ID)]')
  return new Map(
    same
      .trim()
      .split('\n')
      .map((line) => {
        const at = line.indexOf(' -> ')
        return [line.slice(0, at), line.slice(at + 4)]
      }),
  )
}

describe('the AdminClient of Java', () => {
  itNeeds(
    [needsJava()],
    'hears from Ottla what it hears from Apache Kafka 4.4, in every call',
    async () => {
      const ours = chat(await runJava(join(__dirname, 'clients/AdminChat.java'), [broker.address]))
      const kafkas = chat(readFileSync(join(__dirname, 'admin/apache-kafka-4.4.0.txt'), 'utf8'))
      const accepted = new Set(
        [...readFileSync(join(__dirname, 'admin/accepted.md'), 'utf8').matchAll(/^- `(.+?)`:/gm)].map(
          (match) => match[1],
        ),
      )
      expect([...ours.keys()]).toEqual([...kafkas.keys()])
      for (const [name, answer] of kafkas) {
        if (accepted.has(name)) expect({ name, same: ours.get(name) === answer }).toEqual({ name, same: false })
        else expect(`${name} -> ${ours.get(name)}`).toBe(`${name} -> ${answer}`)
      }
    },
    120_000,
  )
})
