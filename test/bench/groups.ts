/**
 * Consumer groups at scale: 200 members of one group of a 200-partition topic, and 500 groups at once.
 * `npm run bench -- groups`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '../../src-main/base/clock'
import { Connection } from '../../src-main/client/connection'
import { dialTcp } from '../../src-main/client/dial'
import { defaultSettings } from '../../src-main/client/settings'

const root = join(__dirname, '../..')

/** A member with a connection of its own, that does what the protocol asks and nothing else. */
class Member {
  readonly #connection: Connection
  readonly #group: string
  memberId = ''
  /** -1 until it has joined. */
  generationId = -1

  constructor(connection: Connection, group: string) {
    this.#connection = connection
    this.#group = group
  }

  /** Joins and syncs until it has an assignment of the newest generation. */
  async join(): Promise<void> {
    for (;;) {
      const joined = await this.#connection.ask('JoinGroup', {
        groupId: this.#group,
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        memberId: this.memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.alloc(100) }],
      })
      this.memberId = joined.memberId
      if (joined.errorCode !== 0) continue
      this.generationId = joined.generationId
      const assignments = joined.members.map(({ memberId }) => ({ memberId, assignment: Buffer.alloc(100) }))
      const { errorCode } = await this.#connection.ask('SyncGroup', {
        groupId: this.#group,
        generationId: this.generationId,
        memberId: this.memberId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments,
      })
      if (errorCode === 0) return
    }
  }

  /** Heartbeats once; true when it must join again. */
  async mustJoin(): Promise<boolean> {
    const { errorCode } = await this.#connection.ask('Heartbeat', {
      groupId: this.#group,
      generationId: this.generationId,
      memberId: this.memberId,
    })
    return errorCode !== 0
  }

  end(): void {
    this.#connection.dispose()
  }
}

async function main(): Promise<void> {
  const broker = spawn(
    process.execPath,
    [join(root, 'out/main/headless.js'), '--json', '--port', '0', '--no-ui', '--memory', '--log-level', 'warn'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const [line] = (await once(
      createInterface({ input: broker.stdout as NonNullable<typeof broker.stdout> }),
      'line',
    )) as [string]
    const port = Number(/:(\d+)$/.exec((JSON.parse(line) as { kafka: string[] }).kafka[0] as string)?.[1])
    const open = async (group: string) => {
      const settings = { ...defaultSettings, clientId: 'bench', bootstrap: [], requestTimeoutMs: 120_000 }
      const target = { host: '127.0.0.1', port, nodeId: null }
      return new Member(await Connection.open(target, { settings, clock: systemClock, dial: dialTcp }), group)
    }
    const members = await Promise.all(Array.from({ length: 200 }, () => open('large')))
    let from = performance.now()
    await settle(members)
    console.log(
      `200 members join at once                ${Math.round(performance.now() - from)} ms until all have the last generation`,
    )
    const late = await open('large')
    from = performance.now()
    const all = [...members, late]
    await settle(all, [late])
    console.log(
      `one more joins 200                      ${Math.round(performance.now() - from)} ms until all have the new generation`,
    )
    const groups = await Promise.all(Array.from({ length: 500 }, (_, i) => open(`group-${i}`)))
    from = performance.now()
    await Promise.all(groups.map((member) => member.join()))
    console.log(
      `500 groups of one member                ${Math.round(performance.now() - from)} ms until all are assigned`,
    )
    from = performance.now()
    await Promise.all(groups.map((member) => member.mustJoin()))
    console.log(`500 heartbeats at once                  ${Math.round(performance.now() - from)} ms`)
    for (const member of [...all, ...groups]) member.end()
  } finally {
    broker.kill('SIGTERM')
    await once(broker, 'exit')
  }
}

/** Who is first joins; everyone heartbeats and joins when told to, until all are in one generation. */
async function settle(members: readonly Member[], first: readonly Member[] = members): Promise<void> {
  const isOver = () => new Set(members.map(({ generationId }) => generationId)).size === 1
  for (const member of first) member.generationId = -1
  const live = async (member: Member) => {
    if (member.generationId < 0) await member.join()
    while (!isOver()) if (await member.mustJoin()) await member.join()
  }
  await Promise.all(members.map(live))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
