import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { BrokerProcess } from '../support/broker'
import { compactedLog, compactionHistories } from '../support/compaction-histories'

/*
 * Recorded on Apache Kafka 4.4.0 with log.cleaner.backoff.ms=300: OTTLA_RECORD_FROM=HOST:PORT writes the file again.
 */
const file = join(__dirname, 'compaction-apache-kafka-4.4.0.txt')

async function logsOn(address: string): Promise<string> {
  const [host, port] = address.split(':') as [string, string]
  const settings = { ...defaultSettings, clientId: 'compaction', bootstrap: [{ host, port: Number(port) }] }
  const client = new KafkaClient(settings, { clock: systemClock })
  try {
    const logs = compactionHistories.map(async (history, i) => {
      const lines = await compactedLog(client, history, `history-${i}-${process.pid}`)
      return [`# ${history.name}`, ...lines, ''].join('\n')
    })
    return (await Promise.all(logs)).join('\n')
  } finally {
    client.dispose()
  }
}

it('what is left of a log is what Apache Kafka leaves of it', async () => {
  const recordFrom = process.env.OTTLA_RECORD_FROM
  if (recordFrom) writeFileSync(file, await logsOn(recordFrom))
  const broker = await BrokerProcess.start({ args: ['--config', 'log.cleaner.backoff.ms=300'] })
  try {
    expect(await logsOn(broker.address)).toBe(readFileSync(file, 'utf8'))
  } finally {
    await broker.dispose()
  }
})
