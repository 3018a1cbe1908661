/**
 * Offset commits: 20 members, each in a group of its own, commit the offsets of 10 partitions over and over, first in classic groups and then in
 * consumer groups (KIP-848). `npm run bench -- commits` starts a broker; with `--address 127.0.0.1:9092 --pid PID` it measures one that runs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '../../src-main/base/clock'
import { randomUuid } from '../../src-main/broker/random'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { Connection } from '../../src-main/client/connection'
import { dialTcp } from '../../src-main/client/dial'
import { defaultSettings } from '../../src-main/client/settings'

const root = join(__dirname, '../..')
const partitions = 10
const members = 20
const commits = 1000
const topic = `bench-commits-${Date.now()}`

/** Who commits: a member of its group, by the generation or the epoch that it has there. */
interface Member {
  readonly connection: Connection
  readonly groupId: string
  readonly memberId: string
  readonly epoch: number
}

async function joinClassic(connection: Connection, groupId: string): Promise<Member> {
  const join = (memberId: string) =>
    connection.ask('JoinGroup', {
      groupId,
      sessionTimeoutMs: 60_000,
      rebalanceTimeoutMs: 60_000,
      memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(20) }],
    })
  const { memberId } = await join('')
  const { generationId } = await join(memberId)
  await connection.ask('SyncGroup', {
    groupId,
    generationId,
    memberId,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [{ memberId, assignment: Buffer.alloc(20) }],
  })
  return { connection, groupId, memberId, epoch: generationId }
}

async function joinConsumer(connection: Connection, groupId: string): Promise<Member> {
  const memberId = randomUuid()
  const { memberEpoch } = await connection.ask('ConsumerGroupHeartbeat', {
    groupId,
    memberId,
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: [topic],
    topicPartitions: [],
  })
  return { connection, groupId, memberId, epoch: memberEpoch }
}

async function commitAll({ connection, groupId, memberId, epoch }: Member, topicId: string): Promise<void> {
  for (let i = 0; i < commits; i++) {
    const { topics } = await connection.ask('OffsetCommit', {
      groupId,
      generationIdOrMemberEpoch: epoch,
      memberId,
      topics: [
        {
          name: topic,
          topicId,
          partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
            partitionIndex,
            committedOffset: BigInt(i),
            committedMetadata: '',
          })),
        },
      ],
    })
    const error = topics[0]?.partitions[0]?.errorCode
    if (error !== 0) throw new Error(`a commit was answered with ${error}`)
  }
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function measure(address: string, pid: number): Promise<void> {
  const [host = '', port = ''] = address.split(':')
  const settings = { ...defaultSettings, clientId: 'bench', bootstrap: [{ host, port: Number(port) }] }
  const admin = new KafkaClient(settings, { clock: systemClock })
  await createTopics(admin, [{ name: topic, partitions }])
  const [described] = await admin.topics([topic])
  if (!described) throw new Error('no topic')
  const open = () =>
    Connection.open({ host, port: Number(port), nodeId: null }, { settings, clock: systemClock, dial: dialTcp })
  for (const [kind, join] of Object.entries({ classic: joinClassic, consumer: joinConsumer })) {
    const all = await Promise.all(Array.from({ length: members }, async (_, i) => join(await open(), `${kind}-${i}`)))
    const [from, cpu] = [performance.now(), cpuSeconds(pid)]
    await Promise.all(all.map((member) => commitAll(member, described.id)))
    const seconds = (performance.now() - from) / 1000
    const count = members * commits
    const rate = Math.round(count / seconds).toLocaleString('en-US')
    const micros = Math.round(((cpuSeconds(pid) - cpu) / count) * 1e6)
    console.log(`${kind} groups: ${rate} commits/s of ${partitions} offsets, ${micros} us of the broker's CPU each`)
    for (const { connection } of all) connection.dispose()
  }
  admin.dispose()
}

const flag = (name: string) => process.argv[process.argv.indexOf(name) + 1] ?? ''

async function main(): Promise<void> {
  if (process.argv.includes('--address')) {
    await measure(flag('--address'), Number(flag('--pid')))
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
