import { moves, type ResetLine } from '../../../src-main/contract/reset'

/** Positions by `topic:partition`. */
export type Positions = ReadonlyMap<string, number>

/**
 * Lines of `topic,partition,offset`, as `kafka-consumer-groups --export` writes them; of an export of several groups, which begins
 * its lines with the group, those of `groupId`. @throws Error that names the line
 */
export function positionsOf(text: string, groupId: string): Positions {
  const positions = new Map<string, number>()
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return
    const match = /^\s*(?:"?(.*?)"?\s*,\s*)?"?([\w.-]+)"?\s*,\s*"?(\d+)"?\s*,\s*"?(\d+)"?\s*$/.exec(line)
    if (!match) throw new Error(`Line ${i + 1} is not topic,partition,offset: ${line.slice(0, 80)}`)
    const [, group, topic, partition, offset] = match
    if (group !== undefined && group !== groupId) return
    positions.set(`${topic}:${partition}`, Number(offset))
  })
  if (positions.size === 0) throw new Error(`The file has no offsets for group ${groupId}.`)
  return positions
}

/** What `kafka-consumer-groups --reset-offsets --from-file` reads: the new positions of a plan. */
export function fileOf(lines: readonly ResetLine[]): string {
  return lines
    .filter((line) => moves(line) && line.next !== null)
    .map(({ topic, partition, next }) => `${topic},${partition},${next}\n`)
    .join('')
}
