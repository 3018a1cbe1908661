import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, expect, it } from 'vitest'
import { BrokerProcess } from '../support/broker'

const faults = { NODE_OPTIONS: `--require ${join(__dirname, 'faults/throw-on-signal.cjs')}` }

let broker: BrokerProcess | null = null
afterEach(async () => {
  await broker?.dispose()
  broker = null
})

const kafka = ({ address }: BrokerProcess) => new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })

it('a broker goes on after a task that failed, halts after an exception that nothing caught, and loses nothing', async () => {
  broker = await BrokerProcess.start({ environment: faults })
  const { ready } = broker
  const producer = kafka(broker).producer({ allowAutoTopicCreation: true })
  await producer.connect()
  await producer.send({ topic: 'kept', messages: [{ value: 'before' }] })
  process.kill(ready.pid, 'SIGUSR2')
  await expect
    .poll(() => broker?.log, { timeout: 20_000 })
    .toMatch(
      /error faults: A task failed because of a fault in Ottla; everything else goes on: Error: rejected by a test/,
    )
  await producer.send({ topic: 'kept', messages: [{ value: 'after' }] })
  await producer.disconnect()
  process.kill(ready.pid, 'SIGWINCH')
  expect(await broker.ended()).toBe(70)
  const last =
    /error faults: The broker stops because of a fault in Ottla\. Everything acknowledged is in the file: start it again\. Error: thrown by a test at .*\n$/
  await expect.poll(() => broker?.log).toMatch(last)
  await broker.startAgain()
  const admin = kafka(broker).admin()
  await admin.connect()
  expect((await admin.fetchTopicOffsets('kept'))[0]).toMatchObject({ low: '0', high: '2' })
  await admin.disconnect()
}, 60_000)

it('a broker serves on when nobody reads its log any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-faults-'))
  const script = resolve(__dirname, '../../out/main/headless.js')
  const words = [script, '--json', '--port', '0', '--no-ui', '--no-registry', '--file', join(folder, 'test.ottla')]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit')
  try {
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    const [address = ''] = (JSON.parse(line) as { kafka: string[] }).kafka
    child.stdout.destroy()
    child.stderr.destroy()
    const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    // A frame that cannot be read is one line in the log each.
    for (let i = 0; i < 3; i++) {
      const response = await fetch(`http://${address}/`).catch((error: unknown) => error)
      expect(response).toBeInstanceOf(Error)
    }
    expect(await admin.createTopics({ topics: [{ topic: 'served' }] })).toBe(true)
    await admin.disconnect()
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
