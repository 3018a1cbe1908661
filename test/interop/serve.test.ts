import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { scraped } from '../support/scraped'

const root = resolve(__dirname, '../..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-serve-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let broker: BrokerProcess | null = null
afterEach(async () => {
  await broker?.dispose()
  broker = null
})

/** Runs `ottla` to its end. */
function ottla(args: readonly string[], environment: Record<string, string> = {}) {
  const run = spawnSync(process.execPath, [join(root, 'bin/ottla.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 30_000,
  })
  return { code: run.status, output: run.stdout, errors: run.stderr }
}

describe('ottla serve', () => {
  it('says on one line of JSON where it is, in both families on one port', async () => {
    broker = await BrokerProcess.start({ ui: true })
    const { ready, file, port } = broker
    expect(ready).toMatchObject({ ready: true, kafka: [`127.0.0.1:${port}`, `[::1]:${port}`], file })
    expect(ready.ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{20,}$/)
    expect((await fetch(ready.ui!)).status).toBe(200)
    for (const host of ['127.0.0.1', '::1']) {
      const socket = connect(port, host)
      await once(socket, 'connect')
      socket.destroy()
    }
  })

  it('ends well at SIGTERM and can be started again on its file', async () => {
    broker = await BrokerProcess.start()
    expect(await broker.stop()).toBe(0)
    await broker.startAgain()
    expect(await broker.stop()).toBe(0)
  })

  it('serves metrics of what a client did, where they are asked for, and with the token', async () => {
    broker = await BrokerProcess.start({ memory: true, ui: true, args: ['--metrics'] })
    const address = broker.ready.metrics ?? ''
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics\?token=[\w-]{20,}$/)
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
    const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId: 'billing' })]
    await Promise.all([producer.connect(), consumer.connect()])
    const messages = Array.from({ length: 100 }, (_, i) => ({ value: `message ${i}` }))
    await producer.send({ topic: 'orders', messages })
    await consumer.subscribe({ topic: 'orders', fromBeginning: true })
    await consumer.run({ autoCommitInterval: 100, eachMessage: async () => {} })
    const answer = await fetch(address)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const found = async () => {
      const series = scraped(await (await fetch(address)).text())
      const sum = (start: string) =>
        [...series].reduce((all, [name, value]) => all + (name.startsWith(start) ? value : 0), 0)
      return {
        ends: sum('kafka_topic_partition_current_offset{topic="orders"'),
        messagesIn: series.get('kafka_server_brokertopicmetrics_messagesin_total{topic="orders"}'),
        members: series.get('kafka_consumergroup_members{consumergroup="billing"}'),
        committed: sum('kafka_consumergroup_current_offset{consumergroup="billing",topic="orders"'),
        lag: series.get('kafka_consumergroup_lag_sum{consumergroup="billing",topic="orders"}'),
        hasProduced: sum('kafka_network_requestmetrics_requests_total{request="Produce"') > 0,
        isConnected: sum('kafka_server_socket_server_metrics_connection_count{listener="PLAINTEXT"') >= 2,
      }
    }
    await expect.poll(found, { timeout: 30_000 }).toEqual({
      ends: 100,
      messagesIn: 100,
      members: 1,
      committed: 100,
      lag: 0,
      hasProduced: true,
      isConnected: true,
    })
    await Promise.all([producer.disconnect(), consumer.disconnect()])
    expect((await fetch(new URL('/metrics', address))).status).toBe(401)
  })

  it('serves no pages with --no-ui', async () => {
    broker = await BrokerProcess.start({ memory: true })
    expect(broker.ready).toMatchObject({ ui: null, file: null })
  })

  it('closes a connection that speaks another protocol, and says so', async () => {
    broker = await BrokerProcess.start({ memory: true })
    const socket = connect(broker.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect(broker.log).toMatch(
      /warn server: closed 127\.0\.0\.1:\d+: the frame says it is 1195725856 bytes long.*looks like HTTP/,
    )
  })

  it.each([
    ['a bad flag', ['--prot', '1'], /^ottla: There is no flag --prot; did you mean --port\?\n$/],
    ['a bad value', ['--port', 'x'], /^ottla: --port is "x"; a port is a number from 0 to 65535\.\n$/],
  ])('refuses %s in one sentence', (_, args, sentence) => {
    expect(ottla(['serve', ...args])).toMatchObject({ code: 1, output: '', errors: expect.stringMatching(sentence) })
  })

  it('names the port that is in use', async () => {
    const taken = await takePort()
    const run = ottla(['serve', '--memory', '--no-ui', '--port', String(taken.port), '--log-level', 'error'])
    await taken.release()
    expect(run).toMatchObject({
      code: 1,
      output: '',
      errors: `ottla: Port ${taken.port} on 127.0.0.1 is in use by another program; --port chooses another.\n`,
    })
  })

  it('says which configs and variables have no effect, and closes its file when the terminal is closed', async () => {
    const args = ['--config', 'retention.ms=1000', '--config', 'num.partition=3', '--config', 'num.partitions=2']
    broker = await BrokerProcess.start({ args, environment: { OTTLA_METRIC: '1' } })
    const { folder: workspace } = broker
    const log = () => broker?.log ?? ''
    await expect.poll(log, { timeout: 10_000 }).toContain('OTTLA_METRIC has no effect: did you mean OTTLA_METRICS?')
    await expect.poll(log, { timeout: 10_000 }).toContain('did you mean num.partitions?')
    expect(log()).toContain(
      '--config retention.ms has no effect: there is no such config of a broker; did you mean log.retention.ms?',
    )
    expect(log()).not.toContain('num.partitions has no effect')
    expect(await broker.hangUp()).toBe(0)
    expect(readdirSync(workspace)).toEqual(['test.ottla'])
  })

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(ottla(['--version'])).toEqual({ code: 0, output: `${version}\n`, errors: '' })
  })

  it('refuses a file that is no workspace in one sentence, and leaves it as it is', () => {
    const file = join(folder, 'letter.ottla')
    writeFileSync(file, 'Dear Max, '.repeat(1000))
    const run = ottla(['serve', '--file', file, '--port', '0', '--no-ui', '--log-level', 'error'])
    expect(run.code).toBe(1)
    expect(run.output).toBe('')
    expect(run.errors).toMatch(/^ottla: [^\n]*letter\.ottla[^\n]*\n$/)
  })

  it('takes its options from OTTLA_ variables', () => {
    const run = ottla(['serve'], { OTTLA_PORT: 'none' })
    expect(run.errors).toMatch(/OTTLA_PORT is "none"/)
  })

  it('lists its flags', () => {
    expect(ottla(['serve', '--help'])).toMatchObject({
      code: 0,
      errors: '',
      output: expect.stringContaining('--advertise [NAME=]HOST:PORT'),
    })
    expect(ottla([])).toMatchObject({ code: 0, output: expect.stringContaining('ottla serve') })
    expect(ottla(['sevre'])).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringContaining('no command "sevre"'),
    })
  })
})
