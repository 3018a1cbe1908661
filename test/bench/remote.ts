/**
 * The desk over a cluster elsewhere: how soon the first page and a jump to a time are there, how fast a scan is beside kcat's, how many requests
 * the cluster sees, and how the pages of many topics and groups do. Nothing of a window is measured.
 * `npm run bench -- remote --bootstrap HOST:PORT [--records 1000000] [--topics 2000] [--groups 500]`; it creates topics there, if there are none, and leaves them.
 */
import { spawnSync } from 'node:child_process'
import { systemClock } from '../../src-main/base/clock'
import { commitOffsets } from '../../src-main/client/admin/groups'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { readBootstrap } from '../../src-main/client/config/client-config'
import { Producer } from '../../src-main/client/producer'
import { defaultSettings } from '../../src-main/client/settings'
import { type Client, connect } from '../../src-main/contract/client'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import { serve } from '../../src-main/contract/server'
import { createDesk } from '../../src-main/desk/desk'
import { remoteSource } from '../../src-main/desk/remote/remote'
import { WriteLock } from '../../src-main/desk/remote/write-lock'
import { memoryWires } from '../../src-main/wires/memory'

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise)
}

const bootstrap = option('bootstrap', 'localhost:9092')
const records = Number(option('records', '1000000'))
const topicCount = Number(option('topics', '2000'))
const groupCount = Number(option('groups', '500'))
const topic = `bench-remote-${records}`
const partitions = 12
const perBatch = 1000
const spanMs = 24 * 3_600_000

const settings = { ...defaultSettings, clientId: 'bench', bootstrap: readBootstrap(bootstrap) }
const asked = new Map<string, number>()
const onError = (error: unknown) => console.error(error)

function requests(): number {
  return [...asked.values()].reduce((sum, count) => sum + count, 0)
}

async function measured<T>(name: string, run: () => Promise<T>): Promise<T> {
  const [began, before, cpu] = [performance.now(), requests(), process.cpuUsage()]
  const answer = await run()
  const ms = (performance.now() - began).toFixed(0).padStart(7)
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    `${name.padEnd(42)} ${ms} ms  ${((user + system) / 1e6).toFixed(2)} s CPU  ${requests() - before} requests`,
  )
  return answer
}

/** Reads the whole topic. */
async function scanned(name: string, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await measured(name, run)
  console.log(`  ${rate(performance.now() - began)}`)
}

function rate(ms: number): string {
  return `${((records / ms) * 1000).toFixed(0)} messages/s`
}

/** The same by kcat, which is librdkafka: process start included. */
function scannedByKcat(): void {
  const kcat = `kcat -b ${bootstrap} -C -e -q -t ${topic} -o beginning >/dev/null`
  const began = performance.now()
  const { status, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${kcat}`], { encoding: 'utf8' })
  const ms = performance.now() - began
  if (status !== 0) {
    console.log('kcat is not here')
    return
  }
  const cpu = (stderr.trim().split('\n').at(-1) ?? '').split(' ').reduce((sum, part) => sum + Number(part), 0)
  console.log(`${'kcat'.padEnd(42)} ${ms.toFixed(0).padStart(7)} ms  ${cpu.toFixed(2)} s CPU`)
  console.log(`  ${rate(ms)}`)
}

/** Messages of 200 bytes, evenly spread over a day. */
async function filled(client: KafkaClient): Promise<void> {
  await createTopics(client, [{ name: topic, partitions, configs: { 'retention.ms': '-1' } }])
  await client.topics([topic], { isNew: true })
  const producer = new Producer(client, { codec: 'none' })
  const from = Date.now() - spanMs
  const padding = 'x'.repeat(150)
  for (let i = 0; i < records; i += perBatch * partitions) {
    await Promise.all(
      Array.from({ length: partitions }, (_, partition) => {
        const batch = Array.from({ length: perBatch }, (_, k) => {
          const n = i + k * partitions + partition
          const value = Buffer.from(`{"id":${n},"text":"${padding}"}`)
          return { key: Buffer.from(`key-${n}`), value, timestamp: from + Math.floor((n / records) * spanMs) }
        })
        return producer.sendTo(topic, partition, batch)
      }),
    )
  }
}

async function manyNames(client: KafkaClient): Promise<void> {
  for (let i = 0; i < topicCount; i += 100) {
    await createTopics(
      client,
      Array.from({ length: 100 }, (_, k) => ({ name: `many-${i + k}`, partitions: 1 })),
    )
  }
  for (let i = 0; i < groupCount; i++) {
    const places = [0, 1, 2].map((k) => ({ topic: `many-${(3 * i + k) % topicCount}`, partition: 0, offset: 0n }))
    await commitOffsets(client, `bench-group-${i}`, places)
  }
}

function picture<N extends FeedName>(page: Client, name: N, input: InputOf<Contract[N]>): Promise<ItemOf<Contract[N]>> {
  return new Promise((resolve, reject) => {
    const close = page.feed(name, input, {
      items: ([item]) => {
        setImmediate(() => close())
        if (item !== undefined) resolve(item)
      },
      failed: (message) => reject(new Error(message)),
    })
  })
}

type Search = InputOf<Contract['messages.search']>

/** Rows of a search, when it is over. */
function searched(page: Client, input: Partial<Search>): Promise<number> {
  const all = {
    topics: [topic],
    partitions: null,
    value: null,
    until: null,
    groupId: null,
    limit: 100,
    committed: false,
  }
  return new Promise((resolve, reject) => {
    let rows = 0
    page.feed(
      'messages.search',
      {
        ...all,
        from: 'newest',
        find: '',
        script: '',
        conditions: [],
        after: null,
        follow: null,
        columns: [],
        ...input,
      },
      {
        items: (items) => {
          for (const item of items) if (item.kind === 'rows') rows += item.rows.length
        },
        failed: (message) => reject(new Error(message)),
        done: () => resolve(rows),
      },
    )
  })
}

async function main(): Promise<void> {
  const writer = new KafkaClient({ ...settings, clientId: 'bench-writer' }, { clock: systemClock })
  const [filledOne, oneOfMany] = await writer.describeTopics([topic, 'many-0'])
  if (records > 0 && filledOne?.error !== 'NONE') await measured(`writing ${records} messages`, () => filled(writer))
  if (topicCount > 0 && oneOfMany?.error !== 'NONE')
    await measured(`making ${topicCount} topics, ${groupCount} groups`, () => manyNames(writer))
  writer.dispose()
  const lock = new WriteLock({ name: 'bench', stage: null, writing: 'never' }, systemClock)
  const forbids: typeof lock.forbids = (api) => {
    asked.set(api, (asked.get(api) ?? 0) + 1)
    return lock.forbids(api)
  }
  const client = new KafkaClient({ ...settings, forbids }, { clock: systemClock })
  const source = await measured('connecting', () => remoteSource({ client, lock, clock: systemClock, onError }))
  const run = { version: '0', addresses: [], listeners: [], registryUrl: null }
  const desk = createDesk({ source, clock: systemClock, onError, ...run })
  const [here, far] = memoryWires()
  serve(far, desk.handlers, onError)
  const page = connect(here, (work) => setImmediate(work))
  if (records > 0) {
    for (const name of ['first page, newest 100', 'the same again']) await measured(name, () => searched(page, {}))
    await measured('first page, oldest 100', () => searched(page, { from: 'oldest' }))
    const value = Date.now() - spanMs / 2
    await measured('jump to a time, 100 messages', () => searched(page, { from: 'time', value }))
    const over = {
      topics: [topic],
      partitions: null,
      committed: false,
      find: '',
      script: '',
      conditions: [],
      follow: null,
      buckets: 240,
    }
    await measured('messages over time', () => picture(page, 'messages.histogram', over))
    for (const from of ['oldest', 'newest'] as const) {
      await scanned(`scan for a text, ${from} first, nothing found`, () => searched(page, { from, find: 'nowhere' }))
    }
    scannedByKcat()
    console.log(`largest memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
  }
  for (const name of ['topics', 'groups', 'workspace'] as const) {
    await measured(`page ${name}, first`, () => picture(page, name, undefined))
    await measured(`page ${name}, again`, () => picture(page, name, undefined))
  }
  for (const name of ['topics', 'groups'] as const) {
    asked.clear()
    const close = page.feed(name, undefined, { items: () => {}, failed: onError })
    await new Promise((resolve) => setTimeout(resolve, 30_000))
    close()
    const list = [...asked].map(([api, count]) => `${api} ${count}`).join(', ')
    console.log(`page ${name} open for 30 s: ${2 * requests()} requests/min (${list})`)
  }
  desk.dispose()
  client.dispose()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
