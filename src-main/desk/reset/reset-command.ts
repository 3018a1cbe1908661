import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { ResetLine } from '../../contract/reset'

type Target = InputOf<Contract['reset.plan']>['to']

/**
 * A reset in the words of Kafka's own tool (ConsumerGroupCommand), for a POSIX shell. Positions that no option can say come from a file
 * of `topic,partition,offset`.
 */
export function commandOf(
  bootstrap: string,
  groupId: string,
  to: Target,
  lines: readonly ResetLine[],
  partitionCount: (topic: string) => number,
): string {
  const topics = new Map<string, number[]>()
  for (const { topic, partition, isChosen, problem } of lines) {
    if (isChosen && problem === null) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  }
  const base = `kafka-consumer-groups.sh --bootstrap-server ${quoted(bootstrap)} --group ${quoted(groupId)}`
  if (to.to === 'exact' || to.to === 'group') return `${base} --reset-offsets --from-file offsets.csv --execute`
  const scope = [...topics]
    .map(([topic, numbers]) =>
      quoted(numbers.length === partitionCount(topic) ? topic : `${topic}:${numbers.sort((a, b) => a - b).join(',')}`),
    )
    .map((what) => `--topic ${what}`)
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
