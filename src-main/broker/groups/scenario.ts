import { emptyGroup } from '../../groups/classic/group'
import type { AnyEvent, AnyGroup } from '../../groups/either'
import { aboutOf } from './frame'
import { type JournalEntry, replay } from './journal'
import { Narrator, shortId, worldOf } from './narrator'
import { ScenarioNames } from './scenario-names'

/**
 * Steps of a group's journal as a scenario that the runner of test/scenarios/consumer takes as it is: `group` is the group that the steps
 * begin with, `world` its topics, `set` the limits, `at` moves the clock (and lets no deadline run out: heartbeats put them off, which a
 * journal does not keep), `event` is an event as the machine takes it. The trace is what the machine makes of them, which is what it made
 * of them then; where it is not, the scenario ends and says so.
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
  const names = new ScenarioNames(entries)
  const script = new Script(names, first.frame.at)
  const before = replay(entries.filter(({ frame }) => frame.seq < start))
  if (before) script.begin(before)
  const isReplayed = steps.every((entry) => script.add(entry))
  return [
    `== group ${groupId}: ${names.inCause(first.frame.cause)}`,
    `# 0 is ${new Date(first.frame.at).toISOString()}; belongs into test/scenarios/consumer`,
    ...names.comments,
    ...script.commands,
    ...(isReplayed ? [] : ['# What came next does not follow from this: the broker was started again in between.']),
    '----',
    ...script.narrator.trace,
    '',
  ].join('\n')
}

/** The commands of a scenario while they are written, and what comes of them. */
class Script {
  readonly commands: string[] = []
  readonly narrator: Narrator
  readonly #names: ScenarioNames
  readonly #startAt: number
  /** Who sent a request: by its number in the scenario. */
  readonly #askers: string[] = []
  #said: Readonly<Record<string, string>> = {}

  constructor(names: ScenarioNames, startAt: number) {
    this.#names = names
    this.#startAt = startAt
    this.narrator = new Narrator((ticket) => this.#askers[ticket - 1] ?? '')
    this.narrator.group = { type: 'classic', value: emptyGroup('g') }
  }

  begin(before: AnyGroup): void {
    const group = relative(this.#names.shorten(before), this.#startAt)
    if (group.type === 'classic') {
      const members = group.value.members.map((member) => ({
        ...member,
        joinTicket: member.joinTicket && this.#ticket(member.memberId),
        syncTicket: member.syncTicket && this.#ticket(member.memberId),
      }))
      this.narrator.group = { type: 'classic', value: { ...group.value, members } }
    } else this.narrator.group = group
    this.commands.push(`group ${JSON.stringify(this.narrator.group)}`)
  }

  /** False, and nothing is written, when the machine makes something else of it than the journal says. */
  add({ frame, event, around }: JournalEntry): boolean {
    const { narrator } = this
    const lines: string[] = []
    const say = (verb: string, rest: string) => {
      if (this.#said[verb] === rest) return
      this.#said = { ...this.#said, [verb]: rest }
      lines.push(`${verb} ${rest}`)
    }
    if (around) {
      const { world, migration, consumerMaxSize, classicMaxSize } = around
      const topics = Object.fromEntries(world.map(({ name, partitions }) => [name, partitions]))
      narrator.around = { world: worldOf(topics), migration, consumerMaxSize, classicMaxSize }
      say('set', `migration=${migration} consumerMax=${consumerMaxSize} classicMax=${classicMaxSize}`)
      say(
        'world',
        Object.entries(topics)
          .map(([name, partitions]) => `${name}=${partitions}`)
          .join(' '),
      )
    }
    narrator.now = frame.at - this.#startAt
    if (narrator.now > 0) say('at', String(narrator.now))
    const short = this.#names.shorten(event)
    const told = 'ticket' in short ? { ...short, ticket: this.#ticket(aboutOf(short) ?? '') } : short
    const written = narrator.trace.length
    const { cause } = narrator.step(eventIn(told, narrator))
    if (cause === this.#names.inCause(frame.cause)) {
      this.commands.push(...lines, `event ${JSON.stringify(told)}`)
      return true
    }
    narrator.trace.length = written
    return false
  }

  #ticket(memberId: string): number {
    return this.#askers.push(shortId(memberId))
  }
}

/** The event with the topics, which a journal keeps beside it. */
export function eventIn(event: AnyEvent, { around }: Pick<Narrator, 'around'>): AnyEvent {
  return event.kind === 'consumerHeartbeat' || event.kind === 'topicsChanged'
    ? { ...event, world: around.world }
    : event
}

/** Deadlines as the scenario's clock has them. */
function relative(group: AnyGroup, startAt: number): AnyGroup {
  return JSON.parse(
    JSON.stringify(group, (key, value: unknown) =>
      typeof value === 'number' && /deadline$/i.test(key) ? value - startAt : value,
    ),
  ) as AnyGroup
}
