import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { parseHostPort } from './options/listener'
import { UsageError } from './options/serve'
import type { ApiName, RequestInput, ResponseOf } from './protocol/api-types'
import { readAssignment } from './protocol/embedded/consumer-protocol'
import { errorName } from './protocol/errors'
import { decodeResponse, encodeRequest } from './protocol/frame'

const help = `ottla groups: consumer groups of a running broker, in the words of kafka-consumer-groups

  ottla groups list
  ottla groups describe GROUP
  ottla groups reset GROUP WHERE [--topic NAME[:0,1]]... [--dry-run | --execute] [--fence]
  ottla groups delete GROUP

  WHERE    --to-earliest, --to-latest, --to-offset N, --shift-by N, --to-datetime 2026-01-31T12:00:00.000,
           --by-duration PT1H30M
  --fence  moves a group that has members: they are put out first, their late commits are refused, and they read from
           the new position when they join again

  --bootstrap-server HOST:PORT   (localhost:9092)
`

/** Says what it wants and gets its answer: one connection, one request at a time. */
class Client {
  readonly #socket: Socket
  #correlationId = 0
  #held: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static async open(bootstrap: string): Promise<Client> {
    const address = parseHostPort(bootstrap)
    if (!address) throw new UsageError(`--bootstrap-server is "${bootstrap}"; it needs the form HOST:PORT.`)
    const socket = connect(address.port, address.host)
    try {
      await once(socket, 'connect')
    } catch {
      throw new UsageError(
        `There is no broker at ${bootstrap}. Start one with "ottla serve", or name another with --bootstrap-server.`,
      )
    }
    return new Client(socket)
  }

  async ask<N extends ApiName>(name: N, version: number, body: RequestInput<N>): Promise<ResponseOf<N>> {
    const frame = Buffer.concat(encodeRequest(name, version, ++this.#correlationId, 'ottla-groups', body))
    const length = Buffer.alloc(4)
    length.writeInt32BE(frame.length)
    this.#socket.write(Buffer.concat([length, frame]))
    while (this.#held.length < 4 || this.#held.length < 4 + this.#held.readInt32BE(0)) {
      const [chunk] = (await once(this.#socket, 'data')) as [Buffer]
      this.#held = Buffer.concat([this.#held, chunk])
    }
    const end = 4 + this.#held.readInt32BE(0)
    const answer = this.#held.subarray(4, end)
    this.#held = this.#held.subarray(end)
    return decodeResponse(name, version, answer).body
  }

  close(): void {
    this.#socket.destroy()
  }
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly committed: number | null
  readonly start: number
  readonly end: number
}

function check(code: number, what: string): void {
  if (code !== 0) throw new UsageError(`${what}: ${errorName(code)}.`)
}

async function list(client: Client): Promise<void> {
  const { groups, errorCode } = await client.ask('ListGroups', 5, { statesFilter: [], typesFilter: [] })
  check(errorCode, 'The groups cannot be listed')
  print([
    ['GROUP', 'TYPE', 'STATE'],
    ...groups.map(({ groupId, groupType, groupState }) => [groupId, groupType, groupState]),
  ])
}

async function describe(client: Client, groupId: string): Promise<void> {
  const { members, state } = await membersOf(client, groupId)
  const owners = new Map(
    members.flatMap(({ name, partitions }) => partitions.map((partition) => [partition, name] as const)),
  )
  const places = await placesOf(client, groupId)
  process.stdout.write(`${groupId}: ${state}, ${members.length} member${members.length === 1 ? '' : 's'}\n`)
  print([
    ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER'],
    ...places.map(({ topic, partition, committed, end }) => [
      topic,
      String(partition),
      committed === null ? '-' : String(committed),
      String(end),
      committed === null ? '-' : String(Math.max(0, end - committed)),
      owners.get(`${topic}:${partition}`) ?? '-',
    ]),
  ])
}

interface Member {
  readonly memberId: string
  readonly name: string
  readonly partitions: readonly string[]
}

async function membersOf(client: Client, groupId: string): Promise<{ state: string; members: readonly Member[] }> {
  const modern = (
    await client.ask('ConsumerGroupDescribe', 1, { groupIds: [groupId], includeAuthorizedOperations: false })
  ).groups[0]
  if (modern?.errorCode === 0) {
    return {
      state: modern.groupState,
      members: modern.members.map(({ memberId, clientId, assignment }) => ({
        memberId,
        name: `${clientId} ${memberId}`,
        partitions: assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
          partitions.map((number) => `${topicName}:${number}`),
        ),
      })),
    }
  }
  const group = (await client.ask('DescribeGroups', 5, { groups: [groupId], includeAuthorizedOperations: false }))
    .groups[0]
  check(group?.errorCode ?? 0, `Group ${groupId} cannot be described`)
  if (!group || group.groupState === 'Dead') throw new UsageError(`There is no group ${groupId}.`)
  return {
    state: group.groupState,
    members: group.members.map(({ memberId, clientId, memberAssignment }) => ({
      memberId,
      name: `${clientId} ${memberId}`,
      partitions:
        group.protocolType === 'consumer' && memberAssignment.byteLength > 0
          ? readAssignment(memberAssignment).assignedPartitions.flatMap(({ topic, partitions }) =>
              partitions.map((number) => `${topic}:${number}`),
            )
          : [],
    })),
  }
}

/** Where a group is in every partition that it has committed for, and in those of `more` topics. */
async function placesOf(client: Client, groupId: string, more: readonly string[] = []): Promise<Place[]> {
  const { groups } = await client.ask('OffsetFetch', 8, { groups: [{ groupId, topics: null }], requireStable: false })
  check(groups[0]?.errorCode ?? 0, `The offsets of ${groupId} cannot be read`)
  const committed = new Map<string, number>()
  for (const { name, partitions } of groups[0]?.topics ?? []) {
    for (const { partitionIndex, committedOffset } of partitions)
      committed.set(`${name}:${partitionIndex}`, Number(committedOffset))
  }
  const names = new Set([...[...committed.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))), ...more])
  if (names.size === 0) return []
  const { topics } = await client.ask('Metadata', 8, {
    topics: [...names].map((name) => ({ name })),
    allowAutoTopicCreation: false,
  })
  const keys = topics
    .flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}:${partitionIndex}`))
    .filter((key) => committed.has(key) || more.includes(key.slice(0, key.lastIndexOf(':'))))
  const starts = await positions(client, keys, -2n)
  const ends = await positions(client, keys, -1n)
  return keys.sort().map((key) => {
    const colon = key.lastIndexOf(':')
    return {
      topic: key.slice(0, colon),
      partition: Number(key.slice(colon + 1)),
      committed: committed.get(key) ?? null,
      start: starts.get(key) ?? 0,
      end: ends.get(key) ?? 0,
    }
  })
}

async function positions(client: Client, keys: readonly string[], timestamp: bigint): Promise<Map<string, number>> {
  const byTopic = new Map<string, number[]>()
  for (const key of keys) {
    const colon = key.lastIndexOf(':')
    const topic = key.slice(0, colon)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), Number(key.slice(colon + 1))])
  }
  const { topics } = await client.ask('ListOffsets', 5, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [...byTopic].map(([name, numbers]) => ({
      name,
      partitions: numbers.map((partitionIndex) => ({ partitionIndex, timestamp })),
    })),
  })
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, offset }) => [`${name}:${partitionIndex}`, Number(offset)] as const),
    ),
  )
}

/** The new position of every place, by the vocabulary of kafka-consumer-groups. */
async function targets(
  client: Client,
  places: readonly Place[],
  options: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const keyOf = ({ topic, partition }: Place) => `${topic}:${partition}`
  const each = (of: (place: Place) => number) =>
    new Map(places.map((place) => [keyOf(place), Math.min(Math.max(of(place), place.start), place.end)]))
  if (options.has('to-earliest')) return each(({ start }) => start)
  if (options.has('to-latest')) return each(({ end }) => end)
  const whole = (name: string) => {
    const value = Number(options.get(name))
    if (!Number.isSafeInteger(value)) throw new UsageError(`--${name} needs a whole number.`)
    return value
  }
  if (options.has('to-offset')) return each(() => whole('to-offset'))
  if (options.has('shift-by')) return each(({ committed, start }) => (committed ?? start) + whole('shift-by'))
  const at = options.has('to-datetime')
    ? Date.parse(options.get('to-datetime') ?? '')
    : options.has('by-duration')
      ? Date.now() - durationMs(options.get('by-duration') ?? '')
      : Number.NaN
  if (Number.isNaN(at))
    throw new UsageError(
      'Say where to: --to-earliest, --to-latest, --to-offset, --shift-by, --to-datetime or --by-duration.',
    )
  const found = await positions(client, places.map(keyOf), BigInt(at))
  return each((place) => {
    const offset = found.get(keyOf(place)) ?? -1
    return offset < 0 ? place.end : offset
  })
}

/** ISO 8601, as `--by-duration` of kafka-consumer-groups: `P1DT2H30M`. */
function durationMs(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  if (!match || text === 'P') return Number.NaN
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

async function reset(
  client: Client,
  groupId: string,
  options: ReadonlyMap<string, string>,
  topics: readonly string[],
): Promise<void> {
  const scopes = topics.map((scope) => {
    const [topic = '', numbers] = scope.split(':')
    return { topic, numbers: numbers?.split(',').map(Number) }
  })
  const all = await placesOf(
    client,
    groupId,
    scopes.map(({ topic }) => topic),
  )
  const places =
    scopes.length === 0
      ? all
      : all.filter(({ topic, partition }) =>
          scopes.some((scope) => scope.topic === topic && (!scope.numbers || scope.numbers.includes(partition))),
        )
  if (places.length === 0) throw new UsageError(`Group ${groupId} has no offsets; name the topics with --topic.`)
  const next = await targets(client, places, options)
  print([
    ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'NEW-OFFSET'],
    ...places.map(({ topic, partition, committed }) => [
      topic,
      String(partition),
      committed === null ? '-' : String(committed),
      String(next.get(`${topic}:${partition}`)),
    ]),
  ])
  if (!options.has('execute')) {
    process.stdout.write('Nothing was changed; --execute does it.\n')
    return
  }
  await fence(client, groupId, options.has('fence'))
  const byTopic = new Map<string, { partitionIndex: number; committedOffset: bigint; committedMetadata: string }[]>()
  for (const { topic, partition } of places) {
    const partitions = byTopic.get(topic) ?? []
    byTopic.set(topic, partitions)
    partitions.push({
      partitionIndex: partition,
      committedOffset: BigInt(next.get(`${topic}:${partition}`) ?? 0),
      committedMetadata: '',
    })
  }
  const answer = await client.ask('OffsetCommit', 7, {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [...byTopic].map(([name, partitions]) => ({ name, partitions })),
  })
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode } of partitions) check(errorCode, `${name}-${partitionIndex} was not moved`)
  }
  process.stdout.write(`Moved ${groupId}.\n`)
}

/** Puts the members out (KIP-345), where that is asked for. @throws UsageError when there are some and it is not */
async function fence(client: Client, groupId: string, allowed: boolean): Promise<void> {
  const { members } = await membersOf(client, groupId).catch(() => ({ members: [] as Member[] }))
  if (members.length === 0) return
  if (!allowed)
    throw new UsageError(`Group ${groupId} has ${members.length} members: stop them, or put them out with --fence.`)
  const { errorCode } = await client.ask('LeaveGroup', 5, {
    groupId,
    members: members.map(({ memberId }) => ({ memberId, groupInstanceId: null, reason: 'its offsets are moved' })),
  })
  check(errorCode, 'The members cannot be put out')
}

async function remove(client: Client, groupId: string): Promise<void> {
  const { results } = await client.ask('DeleteGroups', 2, { groupsNames: [groupId] })
  check(results[0]?.errorCode ?? 0, `Group ${groupId} cannot be deleted`)
  process.stdout.write(`Deleted ${groupId}.\n`)
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
}

const flags = new Set(['to-earliest', 'to-latest', 'execute', 'dry-run', 'fence', 'help'])

async function run(argv: readonly string[]): Promise<void> {
  const options = new Map<string, string>()
  const topics: string[] = []
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    const name = word.startsWith('--') ? word.slice(2) : undefined
    if (name === undefined) words.push(word)
    else if (flags.has(name)) options.set(name, '')
    else if (name === 'topic') topics.push(argv[++i] ?? '')
    else options.set(name, argv[++i] ?? '')
  }
  const [verb, groupId] = words
  if (options.has('help') || verb === undefined) {
    process.stdout.write(help)
    return
  }
  if (verb !== 'list' && groupId === undefined) throw new UsageError(`Say which group: ottla groups ${verb} GROUP.`)
  const client = await Client.open(options.get('bootstrap-server') ?? 'localhost:9092')
  try {
    if (verb === 'list') await list(client)
    else if (verb === 'describe') await describe(client, groupId ?? '')
    else if (verb === 'reset') await reset(client, groupId ?? '', options, topics)
    else if (verb === 'delete') await remove(client, groupId ?? '')
    else throw new UsageError(`There is no "ottla groups ${verb}"; there are list, describe, reset and delete.`)
  } finally {
    client.close()
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `ottla: ${error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
})
