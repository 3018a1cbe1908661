import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { GroupType } from '../../contract/groups'
import type { ResetLine } from '../../contract/reset'

type Target = InputOf<Contract['reset.plan']>['to']

/** Kafka's tool for groups of a type, and its option for topics. */
const tools = {
  classic: ['kafka-consumer-groups.sh', '--topic'],
  consumer: ['kafka-consumer-groups.sh', '--topic'],
  share: ['kafka-share-groups.sh', '--topic'],
  streams: ['kafka-streams-groups.sh', '--input-topic'],
} as const satisfies Record<GroupType, readonly [name: string, topicOption: string]>

/** The resets that ShareGroupCommand has options for. */
const shareTargets: ReadonlySet<Target['to']> = new Set(['earliest', 'latest', 'time', 'delete'])

/**
 * A reset as a command of Kafka's own tool (ConsumerGroupCommand, ShareGroupCommand, StreamsGroupCommand), for a POSIX shell. Positions
 * that no option can express come from a file of `topic,partition,offset`. `null`: the tool of share groups has no option for this reset.
 */
export function commandOf(
  bootstrap: string,
  { groupId, type }: { readonly groupId: string; readonly type: GroupType },
  to: Target,
  lines: readonly ResetLine[],
  partitionCount: (topic: string) => number,
): string | null {
  const topics = new Map<string, number[]>()
  for (const { topic, partition, isChosen, problem } of lines) {
    if (isChosen && problem === null) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  }
  const isWhole = (topic: string, numbers: readonly number[]) => numbers.length === partitionCount(topic)
  if (type === 'share') {
    if (!shareTargets.has(to.to)) return null
    // A share group's offsets are deleted by topic (DeleteShareGroupOffsets).
    if (to.to === 'delete' && [...topics].some(([topic, numbers]) => !isWhole(topic, numbers))) return null
  }
  const [tool, topicOption] = tools[type]
  const base = `${tool} --bootstrap-server ${quoted(bootstrap)} --group ${quoted(groupId)}`
  if (to.to === 'exact' || to.to === 'group') return `${base} --reset-offsets --from-file offsets.csv --execute`
  const scope = [...topics]
    .map(([topic, numbers]) =>
      quoted(isWhole(topic, numbers) ? topic : `${topic}:${numbers.sort((a, b) => a - b).join(',')}`),
    )
    .map((what) => `${topicOption} ${what}`)
    .join(' ')
  if (to.to === 'delete') return `${base} --delete-offsets ${scope}`
  const value = to.value ?? 0
  const how = {
    earliest: '--to-earliest',
    latest: '--to-latest',
    offset: `--to-offset ${value}`,
    shift: `--shift-by ${value}`,
    time: `--to-datetime ${new Date(Math.min(Math.max(value, 0), 8.64e15)).toISOString().slice(0, 23)}`,
    back: `--by-duration ${isoDuration(value)}`,
  }[to.to]
  return `${base} --reset-offsets ${how} ${scope} --execute`
}

/** `P2D`, `PT1H30M`, `PT0.5S` */
export function isoDuration(ms: number): string {
  const units = [
    ['D', 86_400_000],
    ['H', 3_600_000],
    ['M', 60_000],
  ] as const
  let rest = Math.max(0, ms)
  let [date, time] = ['', '']
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count === 0) continue
    if (unit === 'D') date = `${count}D`
    else time += `${count}${unit}`
  }
  if (rest > 0 || (date === '' && time === '')) time += `${rest / 1000}S`
  return `P${date}${time === '' ? '' : `T${time}`}`
}

/** As one word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.,:@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
