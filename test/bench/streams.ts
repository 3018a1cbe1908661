/**
 * Streams groups: 50 instances of one thread join an application of two subtopologies, one after the other has left, and the broker that
 * is asked so: time until the group is stable, CPU and memory. `npm run bench -- streams` starts a broker;
 * `npm run bench -- streams --address 127.0.0.1:9092 --pid PID` measures one that runs, e.g. Apache Kafka.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '../../src-main/base/clock'
import { alterGroupConfigs } from '../../src-main/client/admin/configs'
import { describeStreamsGroup } from '../../src-main/client/admin/streams-groups'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { pause } from '../../src-main/client/retry'
import { defaultSettings } from '../../src-main/client/settings'
import { StreamsMember, type StreamsTopology } from '../../src-main/client/streams/member'
import { ProcessUse } from './measure/process'

const root = join(__dirname, '../..')
const instances = 50
const partitions = 100
/** Java's threads send a heartbeat at once when their tasks changed, and else as the broker says. */
const beatEveryMs = 1000
const idleMs = 10_000

function clientOf(address: string, clientId: string): KafkaClient {
  const [host = '', port = ''] = address.split(':')
  const settings = { ...defaultSettings, clientId, bootstrap: [{ host, port: Number(port) }] }
  return new KafkaClient(settings, { clock: systemClock })
}

const seconds = (since: number) => (performance.now() - since) / 1000

function topologyOf(groupId: string, source: string): StreamsTopology {
  const nothing = {
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  }
  const topic = (name: string) => ({ name, partitions: 0, replicationFactor: -1, topicConfigs: [] })
  return [
    { ...nothing, subtopologyId: '0', sourceTopics: [source], repartitionSinkTopics: [`${groupId}-a-repartition`] },
    {
      ...nothing,
      subtopologyId: '1',
      repartitionSourceTopics: [topic(`${groupId}-a-repartition`)],
      stateChangelogTopics: [topic(`${groupId}-b-changelog`)],
    },
  ]
}

/** A thread that does nothing but what the group asks for. */
class Thread {
  readonly #client: KafkaClient
  readonly member: StreamsMember
  #isClosed = false
  #running: Promise<void> | undefined

  constructor(address: string, groupId: string, source: string, number: number) {
    this.#client = clientOf(address, `bench-${number}-StreamThread-1-consumer`)
    const topology = topologyOf(groupId, source)
    this.member = new StreamsMember(this.#client, { groupId, processId: `process-${number}`, topology })
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
    await this.member.leave()
    this.#client.dispose()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) if (!(await this.member.heartbeat())) await pause(systemClock, beatEveryMs)
  }
}

async function stable(client: KafkaClient, groupId: string, members: number): Promise<void> {
  for (;;) {
    const group = await describeStreamsGroup(client, groupId)
    if (group?.state === 'Stable' && group.members.length === members) return
    await pause(systemClock, 50)
  }
}

async function measure(address: string, pid: number): Promise<void> {
  const client = clientOf(address, 'bench')
  const groupId = `bench-streams-${Date.now()}`
  const source = `${groupId}-in`
  await createTopics(client, [{ name: source, partitions }])
  await alterGroupConfigs(client, groupId, {
    'streams.initial.rebalance.delay.ms': '0',
    'streams.num.standby.replicas': '1',
  })
  const threads = Array.from({ length: instances }, (_, i) => new Thread(address, groupId, source, i))
  const use = new ProcessUse(pid)
  const say = async (what: string, run: () => Promise<unknown>) => {
    use.look()
    const started = performance.now()
    await run()
    const took = seconds(started)
    const { cpuS, peakMib } = use.look()
    console.log(`${what}: ${took.toFixed(2)} s, ${cpuS} s of CPU, ${peakMib} MiB at most`)
  }
  console.log(`${instances} instances, ${2 * partitions} tasks, one standby each; ${use.mib('VmRSS')} MiB before`)
  await say('all join until stable', async () => {
    for (const thread of threads) thread.start()
    await stable(client, groupId, instances)
  })
  await say('one leaves until stable', async () => {
    await threads[0]?.close()
    await stable(client, groupId, instances - 1)
  })
  await say('ten leave until stable', async () => {
    await Promise.all(threads.slice(1, 11).map((thread) => thread.close()))
    await stable(client, groupId, instances - 11)
  })
  await say(`${instances - 11} with a heartbeat each second`, () => pause(systemClock, idleMs))
  await Promise.all(threads.slice(11).map((thread) => thread.close()))
  client.dispose()
}

const flag = (name: string) => process.argv[process.argv.indexOf(name) + 1]

async function main(): Promise<void> {
  if (process.argv.includes('--address')) {
    await measure(flag('--address') ?? '', Number(flag('--pid')))
    return
  }
  const args = ['--json', '--port', '0', '--no-ui', '--memory', '--log-level', 'warn']
  const broker = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...args], {
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
