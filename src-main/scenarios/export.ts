import { type JournalEntry, replay } from '../broker/groups/journal'
import type { Group } from '../groups/group'
import { ScenarioDriver } from './driver'
import { writeScenario } from './grammar'
import { ShortNames } from './short-names'
import { causesLine } from './tracer'

/**
 * Steps of a group's journal as a scenario; the driver runs each command as it is written, so the trace is what the tests will see.
 * `at` lets no deadline pass: heartbeats, which a journal does not keep, extend them. Where a step leads to other causes than in the
 * journal, the scenario ends and says so.
 *
 * @param entries in order, from a full frame at or before the first step on
 * @throws Error when the steps are no longer in the journal
 */
export function scenarioOf(groupId: string, entries: readonly JournalEntry[], from: number): string {
  const isWhole = entries[0]?.frame.seq === 1
  const firstFull = entries.findIndex(({ frame }) => frame.full)
  const start = isWhole ? from : Math.max(from, (entries[firstFull]?.frame.seq ?? Number.POSITIVE_INFINITY) + 1)
  const steps = entries.filter(({ frame }) => frame.seq >= start)
  const [first] = steps
  if (!first) throw new Error('These steps are no longer in the journal.')
  const names = new ShortNames(entries)
  const script = new Script(names, first.frame.at)
  const before = replay(entries.filter(({ frame }) => frame.seq < start))
  if (before) script.begin(before)
  const isReplayed = steps.every((entry) => script.add(entry))
  return writeScenario(
    `group ${groupId}: ${causesLine(names.shorten(first.frame.causes))}`,
    [
      `# 0 is ${new Date(first.frame.at).toISOString()}; save under test/scenarios/consumer`,
      ...names.comments,
      ...script.commands,
      ...(isReplayed ? [] : ['# The next step does not follow from these: the broker was restarted in between.']),
    ],
    script.trace,
  )
}

/** The commands of a scenario while they are written and run. */
class Script {
  readonly commands: string[] = []
  trace: readonly string[] = []
  readonly #driver = new ScenarioDriver()
  readonly #names: ShortNames
  readonly #startAt: number
  #lastTicket = 0
  #said: Readonly<Record<string, string>> = {}

  constructor(names: ShortNames, startAt: number) {
    this.#names = names
    this.#startAt = startAt
  }

  begin(before: Group): void {
    const group = this.#withTickets(relative(this.#names.shorten(before), this.#startAt))
    this.#write([`group ${JSON.stringify(group)}`])
  }

  /** Writes a step. False, and nothing is written, when it does not lead to the causes that the journal has. */
  add({ frame, event, context, group }: JournalEntry): boolean {
    if (event === null) {
      if (group) this.begin(group)
      return true
    }
    const lines: string[] = []
    const say = (verb: string, rest: string) => {
      if (this.#said[verb] === rest) return
      this.#said = { ...this.#said, [verb]: rest }
      lines.push(`${verb} ${rest}`)
    }
    if (context) {
      const { topics, migration, consumerMaxSize, classicMaxSize } = context
      say('set', `migration=${migration} consumerMax=${consumerMaxSize} classicMax=${classicMaxSize}`)
      say('topics', topics.map(({ name, partitions }) => `${name}=${partitions}`).join(' '))
    }
    const now = frame.at - this.#startAt
    if (now > 0) say('at', String(now))
    const short = this.#names.shorten(event)
    const told = 'ticket' in short ? { ...short, ticket: ++this.#lastTicket } : short
    lines.push(`event ${JSON.stringify(told)}`)
    const causes = this.#run(lines)
    const expected = causesLine(this.#names.shorten(frame.causes))
    const isOfOldJournal = frame.causes.some(({ kind }) => kind === 'told')
    if (causes !== expected && !isOfOldJournal) return false
    this.commands.push(...lines)
    this.trace = [...this.#driver.trace]
    return true
  }

  #write(lines: readonly string[]): void {
    this.#run(lines)
    this.commands.push(...lines)
  }

  #run(lines: readonly string[]): string {
    let causes = ''
    for (const line of lines) causes = causesLine(this.#driver.run(line)?.causes ?? [])
    return causes
  }

  /** Requests that wait get the first tickets. */
  #withTickets(group: Group): Group {
    if (group.type !== 'classic') return group
    const members = group.value.members.map((member) => ({
      ...member,
      joinTicket: member.joinTicket && ++this.#lastTicket,
      syncTicket: member.syncTicket && ++this.#lastTicket,
    }))
    return { type: 'classic', value: { ...group.value, members } }
  }
}

/** Deadlines as the scenario's clock has them. */
function relative(group: Group, startAt: number): Group {
  return JSON.parse(
    JSON.stringify(group, (key, value: unknown) =>
      typeof value === 'number' && /deadline$/i.test(key) ? value - startAt : value,
    ),
  ) as Group
}
