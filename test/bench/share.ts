/**
 * Share groups: consume at 100 bytes, 100 members in a group of 10 partitions, memory of 100,000 records in flight.
 * `npm run bench -- share` starts a broker; `npm run bench -- share --address 127.0.0.1:9092 --pid PID` measures one that runs, e.g. Apache
 * Kafka with `group.share.max.partition.max.record.locks=10000`. `--only-in-flight` leaves out the consumers.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '../../src-main/base/clock'
import { alterShareOffsets } from '../../src-main/client/admin/share-groups'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { Producer } from '../../src-main/client/producer'
import { pause } from '../../src-main/client/retry'
import { defaultSettings } from '../../src-main/client/settings'
import { ShareConsumer } from '../../src-main/client/share/consumer'
import { ShareSession } from '../../src-main/client/share/session'

const root = join(__dirname, '../..')
const partitions = 10
const records = 300_000
const recordBytes = 100
const batch = 500
const locks = 10_000

function clientOf(address: string, clientId: string): KafkaClient {
  const [host = '', port = ''] = address.split(':')
  const settings = { ...defaultSettings, clientId, bootstrap: [{ host, port: Number(port) }] }
  return new KafkaClient(settings, { clock: systemClock })
}

const seconds = (since: number) => (performance.now() - since) / 1000

async function fill(client: KafkaClient, topic: string): Promise<void> {
  await createTopics(client, [{ name: topic, partitions }])
  const producer = new Producer(client)
  await producer.init()
  const value = Buffer.alloc(recordBytes, 'x')
  const now = Date.now()
  for (let sent = 0; sent < records; sent += batch) {
    const portion = Array.from({ length: batch }, () => ({ key: null, value, timestamp: now }))
    await producer.send(topic, portion)
  }
}

async function setGroupConfig(client: KafkaClient, groupId: string, name: string, value: string): Promise<void> {
  const configs = [{ name, configOperation: 0, value }]
  const answer = await client.ask({ to: 'any' }, 'IncrementalAlterConfigs', {
    resources: [{ resourceType: 32, resourceName: groupId, configs }],
    validateOnly: false,
  })
  const [result] = answer.responses
  if (result?.errorCode !== 0) throw new Error(result?.errorMessage ?? name)
}

async function begin(client: KafkaClient, groupId: string, topic: string): Promise<void> {
  const offsets = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0n }))
  await alterShareOffsets(client, groupId, offsets)
}

/** Consumes everything with so many members; tells when each had a record, and when all were read. */
async function consume(address: string, topic: string, members: number): Promise<void> {
  const admin = clientOf(address, 'bench')
  const groupId = `bench-${members}-${Date.now()}`
  await begin(admin, groupId, topic)
  let left = records
  let working = 0
  let done = () => {}
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const started = performance.now()
  let allWork = 0
  const consumers = Array.from({ length: members }, (_, i) => {
    const client = clientOf(address, `bench-${i}`)
    let isWorking = false
    const consumer = new ShareConsumer(client, {
      groupId,
      topics: [topic],
      maxWaitMs: 500,
      maxRecords: batch,
      onRecord() {
        if (!isWorking) {
          isWorking = true
          if (++working === members) allWork = seconds(started)
        }
        if (--left === 0) done()
        return 'accept'
      },
      onError: (error) => console.error(String(error)),
    })
    consumer.start()
    return { client, consumer }
  })
  await all
  const took = seconds(started)
  const rate = Math.round(records / took).toLocaleString('en-US')
  console.log(
    `${members} members: ${records.toLocaleString('en-US')} records in ${took.toFixed(2)} s, ${rate}/s; ${
      allWork === 0 ? `${working} members had records` : `all members had records after ${allWork.toFixed(2)} s`
    }`,
  )
  await Promise.all(consumers.map(({ consumer }) => consumer.close()))
  for (const { client } of consumers) client.dispose()
  admin.dispose()
}

/** VmRSS now, or VmHWM: the most so far. */
function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return `${Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)} MiB`
}

function cpuSeconds(pid: number): number {
  const [, , , , , , , , , , , user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .map(Number)
  return (user + system) / 100
}

/** Runs a part, and tells what it took of the broker. */
async function told(pid: number, part: () => Promise<void>): Promise<void> {
  const before = cpuSeconds(pid)
  await part()
  const cpu = (cpuSeconds(pid) - before).toFixed(1)
  console.log(`  broker: ${cpu} s of CPU, ${memoryMiB(pid, 'VmRSS')}, ${memoryMiB(pid, 'VmHWM')} at most so far`)
}

/** One member acquires all that the locks allow, and releases every second record, which is then acquired again: no two neighbours alike. */
async function inFlight(address: string, topic: string): Promise<void> {
  const client = clientOf(address, 'bench-holder')
  const groupId = `bench-holder-${Date.now()}`
  await setGroupConfig(client, groupId, 'share.partition.max.record.locks', String(locks))
  await begin(client, groupId, topic)
  const consumer = new ShareConsumer(client, {
    groupId,
    topics: [topic],
    maxWaitMs: 0,
    maxRecords: 1,
    onRecord: () => 'accept',
    onError: (error) => console.error(String(error)),
  })
  const [described] = await client.topics([topic])
  if (!described) throw new Error('no topic')
  const places = described.partitions.map(({ partition }) => ({ topic, topicId: described.id, partition }))
  const session = new ShareSession(client, described.partitions[0]?.leader ?? 1, groupId, consumer.memberId)
  let held = 0
  const started = performance.now()
  for (let idle = 0; held < locks * partitions && idle < 20; ) {
    const acquired = await session.fetch(places, [], { maxWaitMs: 100, maxRecords: locks })
    const came = acquired.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    idle = came === 0 ? idle + 1 : 0
    held += came
    const split = acquired.map(({ first, last, ...place }) => ({
      ...place,
      first,
      codes: Array.from({ length: last - first + 1 }, (_, i) => (i % 2 === 0 ? 2 : 1)),
    }))
    // Released every second: runs of one record each.
    if (came > 0) await session.fetch(places, split, { maxWaitMs: 0, maxRecords: 1 })
    if (held >= locks * partitions) break
  }
  await pause(systemClock, 1000)
  console.log(
    `${held.toLocaleString('en-US')} records acquired in ${seconds(started).toFixed(2)} s, every second one released`,
  )
  await session.close([])
  client.dispose()
}

async function measure(address: string, pid: number): Promise<void> {
  const client = clientOf(address, 'bench-fill')
  const topic = `bench-share-${Date.now()}`
  await told(pid, () => fill(client, topic))
  client.dispose()
  for (const members of process.argv.includes('--only-in-flight') ? [] : [1, 3, 100]) {
    await told(pid, () => consume(address, topic, members))
  }
  await told(pid, () => inFlight(address, topic))
}

const flag = (name: string) => process.argv[process.argv.indexOf(name) + 1]

async function main(): Promise<void> {
  if (process.argv.includes('--address')) {
    await measure(flag('--address') ?? '', Number(flag('--pid')))
    return
  }
  const args = ['--json', '--port', '0', '--no-ui', '--memory', '--log-level', 'warn']
  const configs = ['--config', `group.share.max.partition.max.record.locks=${locks}`]
  const broker = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...args, ...configs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = (await once(createInterface({ input: broker.stdout }), 'line')) as [string]
    const { kafka, pid } = JSON.parse(line) as { readonly kafka: readonly string[]; readonly pid: number }
    await measure((kafka[0] ?? '').replace(/^.*\/\//, '').replace('localhost', '127.0.0.1'), pid)
  } finally {
    broker.kill()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
