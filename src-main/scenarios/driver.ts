import type { Millis } from '../base/clock'
import type { MigrationPolicy } from '../groups/context'
import { type Group, type GroupEvent, type GroupReply, type GroupStep, subjectOf } from '../groups/group'
import type { Ticket } from '../groups/machine'
import { due, revive, wakeAt } from '../groups/machines'
import { readCommand } from './grammar'
import { metadataOf, shortId, stateLine, Tracer } from './tracer'

/**
 * Runs the commands that an exported journal consists of: `group` is the group that the steps begin with, `topics` the topics, `set` the
 * limits, `at` moves the clock without deadlines, `event` is an event as the machine takes it; and `pass`, which moves the clock with
 * its deadlines, `fence` and `restart`. The tests add the commands of clients.
 */
export class ScenarioDriver {
  /** The member that sent each request. */
  protected readonly asked = new Map<Ticket, string>()
  protected readonly tracer = new Tracer((ticket) => this.asked.get(ticket) ?? '')
  readonly #answered = new Set<Ticket>()

  get group(): Group {
    return this.tracer.group
  }

  get now(): Millis {
    return this.tracer.now
  }

  get trace(): readonly string[] {
    return this.tracer.trace
  }

  /** Returns the step that the command made. @throws Error when there is no such command */
  run(line: string): GroupStep | undefined {
    const { verb, who, options } = readCommand(line)
    const rest = line.slice(verb.length + 1)
    const { tracer } = this
    switch (verb) {
      case 'set':
        tracer.context = {
          ...tracer.context,
          migration: (options.migration as MigrationPolicy) ?? tracer.context.migration,
          consumerMaxSize: Number(options.consumerMax ?? tracer.context.consumerMaxSize),
          classicMaxSize: Number(options.classicMax ?? tracer.context.classicMaxSize),
        }
        return
      case 'group':
        tracer.group = JSON.parse(rest) as Group
        this.#park(tracer.group)
        return
      case 'topics':
        tracer.context = { ...tracer.context, topics: metadataOf(numbersOf(options)) }
        return
      case 'at':
        tracer.now = Number(who)
        return
      case 'event': {
        const event = JSON.parse(rest) as GroupEvent
        if ('ticket' in event) this.asked.set(event.ticket, shortId(subjectOf(event) ?? ''))
        return this.step(event)
      }
      case 'fence':
        return this.step({
          kind: 'fence',
          cause: { kind: 'offsetsReset', target: { to: 'earliest', value: null, groupId: null } },
        })
      case 'restart':
        tracer.group = revive(JSON.parse(JSON.stringify(this.group)) as Group, this.now)
        tracer.trace.push(`restarted: ${stateLine(this.group)}`)
        return
      case 'pass':
        this.#pass(Number(who))
        return
      default:
        throw new Error(`there is no command ${verb}`)
    }
  }

  protected step(event: GroupEvent): GroupStep {
    const done = this.tracer.step(event)
    for (const effect of done.effects) {
      if (effect.kind === 'save') continue
      if (this.#answered.has(effect.ticket)) throw new Error(`ticket ${effect.ticket} was answered twice`)
      this.#answered.add(effect.ticket)
      this.heard(this.asked.get(effect.ticket) ?? '', effect.reply)
    }
    return done
  }

  /** A member receives a reply. */
  protected heard(_who: string, _reply: GroupReply): void {}

  #pass(ms: number): void {
    const end = this.now + ms
    for (let at = wakeAt(this.group); at !== undefined && at <= end; at = wakeAt(this.group)) {
      this.tracer.now = Math.max(this.now, at)
      const event = due(this.group, this.now)
      if (!event) throw new Error('a deadline passed, and nothing is due')
      this.step(event)
    }
    this.tracer.now = end
  }

  /** The requests that wait in a group that a scenario begins with. */
  #park(group: Group): void {
    if (group.type !== 'classic') return
    for (const { memberId, joinTicket, syncTicket } of group.value.members) {
      for (const ticket of [joinTicket, syncTicket]) if (ticket !== null) this.asked.set(ticket, shortId(memberId))
    }
  }
}

function numbersOf(options: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number(value)]))
}
