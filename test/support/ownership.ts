import Sqlite from 'better-sqlite3'
import type { GroupFrame } from '../../src-main/broker/groups/frame'
import type { MemberView } from '../../src-main/groups/view'

/** A time in which one consumer had one partition, by its own account, in ns. */
interface Span {
  readonly member: string
  readonly partition: number
  readonly from: bigint
  until: bigint | null
}

/**
 * Who had which partition when, by what the consumers said (`has P NS`, `gives P NS`), on the machine's one monotonic clock. A consumer
 * that was killed or frozen ends there: the coordinator puts it out only when its session is over.
 */
export class Ownership {
  readonly #spans: Span[] = []

  hear(member: string, line: string): void {
    const [verb, partition, at] = line.split(' ')
    if (verb === 'has') {
      this.#spans.push({ member, partition: Number(partition), from: BigInt(at as string), until: null })
    } else if (verb === 'gives') this.#end(member, BigInt(at as string), Number(partition))
  }

  /** What this consumer has it has no more: it was killed, or stopped. */
  gone(member: string): void {
    this.#end(member, process.hrtime.bigint())
  }

  #end(member: string, at: bigint, partition?: number): void {
    for (const span of this.#spans) {
      if (span.member === member && span.until === null && (partition ?? span.partition) === span.partition)
        span.until = at
    }
  }

  /** Two spans of one partition that overlap, in words. */
  conflicts(): string[] {
    const ends = ({ until }: Span) => until ?? process.hrtime.bigint()
    return this.#spans.flatMap((a, i) =>
      this.#spans.slice(i + 1).flatMap((b) => {
        const overlap = a.partition === b.partition && a.member !== b.member && a.from < ends(b) && b.from < ends(a)
        return overlap ? [`partition ${a.partition}: ${a.member} from ${a.from}, ${b.member} from ${b.from}`] : []
      }),
    )
  }

  get spans(): number {
    return this.#spans.length
  }
}

/** What happened in a group, step by step, as its journal has it. Close the broker first. */
export function journalOf(file: string, groupId: string): GroupFrame[] {
  const database = new Sqlite(file, { readonly: true })
  try {
    const rows = database.prepare('SELECT frame FROM frames WHERE group_id = ? ORDER BY seq').pluck().all(groupId)
    return (rows as string[]).map((row) => (JSON.parse(row) as { readonly frame: GroupFrame }).frame)
  } finally {
    database.close()
  }
}

/** Steps in which the coordinator had given one partition to two members, in words. */
export function doubleAssignments(frames: readonly GroupFrame[]): string[] {
  const members = new Map<string, MemberView>()
  const wrong: string[] = []
  for (const frame of frames) {
    if (frame.full) members.clear()
    for (const memberId of frame.removed) members.delete(memberId)
    for (const member of frame.members) members.set(member.memberId, member)
    // A classic group's members have what they were given in the last generation until the next one is assigned.
    if (frame.type === 'classic' && frame.state !== 'Stable') continue
    const owners = new Map<string, string>()
    for (const { memberId, assigned } of members.values()) {
      for (const [topic, numbers] of Object.entries(assigned)) {
        for (const number of numbers) {
          const other = owners.get(`${topic}-${number}`)
          if (other) wrong.push(`step ${frame.seq}: ${topic}-${number} of ${other} and ${memberId}`)
          owners.set(`${topic}-${number}`, memberId)
        }
      }
    }
  }
  return wrong
}
