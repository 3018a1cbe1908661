import { moves, type ResetLine } from '../../../src-main/contract/reset'
import { keyOf, type TopicPartitionKey } from '../../../src-main/contract/topic-partition'
import { texts } from './texts'

/** Offsets by `topic:partition`. */
export type Positions = ReadonlyMap<TopicPartitionKey, number>

/**
 * Parses lines of `topic,partition,offset`, as `kafka-consumer-groups --export` writes them. In an export of several groups, whose lines
 * start with the group, the lines of `groupId`. @throws Error that names the line
 */
export function positionsOf(text: string, groupId: string): Positions {
  const positions = new Map<TopicPartitionKey, number>()
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return
    const match = /^\s*(?:"?(.*?)"?\s*,\s*)?"?([\w.-]+)"?\s*,\s*"?(\d+)"?\s*,\s*"?(\d+)"?\s*$/.exec(line)
    if (!match) throw new Error(texts.file.wrongLine(i + 1, line.slice(0, 80)))
    const [, group, topic = '', partition, offset] = match
    if (group !== undefined && group !== groupId) return
    positions.set(keyOf(topic, Number(partition)), Number(offset))
  })
  if (positions.size === 0) throw new Error(texts.file.noOffsets(groupId))
  return positions
}

/** The new offsets of a plan in the form that `kafka-consumer-groups --reset-offsets --from-file` reads. */
export function fileOf(lines: readonly ResetLine[]): string {
  return lines
    .filter((line) => moves(line) && line.next !== null)
    .map(({ topic, partition, next }) => `${topic},${partition},${next}\n`)
    .join('')
}
