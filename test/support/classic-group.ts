import { commitProblem } from '../../src-main/groups/classic/commit'
import type { ClassicEvent, ClassicReply, ClassicSettings } from '../../src-main/groups/classic/events'
import { type ClassicGroup, emptyGroup } from '../../src-main/groups/classic/group'
import { classicMachine, restored } from '../../src-main/groups/classic/machine'
import { readCommand } from '../../src-main/scenarios/grammar'
import { causesLine } from '../../src-main/scenarios/tracer'
import { deepFreeze } from './freeze'

export const settings: ClassicSettings = {
  initialDelayMs: 0,
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 1_800_000,
  maxSize: 2_147_483_647,
}

/** A classic group that is driven by commands and writes down what happens. */
export class ClassicDriver {
  group: ClassicGroup = deepFreeze(emptyGroup('g'))
  now = 0
  readonly trace: string[] = []
  readonly answered = new Map<number, string>()
  readonly asked = new Map<number, string>()
  /** Events that a journal would hold, with their times. */
  readonly journal: { at: number; event: ClassicEvent }[] = []
  readonly #ids = new Map<string, string>()
  #settings: ClassicSettings = settings
  #ticket = 0

  run(line: string): void {
    const { verb, who, options } = readCommand(line)
    const number = (name: string, otherwise: number) =>
      options[name] === undefined ? otherwise : Number(options[name])
    const memberId = options.id ?? this.#ids.get(who) ?? ''
    const groupInstanceId = options.instance ?? null
    const generationId = number('gen', this.group.generationId)
    switch (verb) {
      case 'set':
        this.#settings = {
          ...this.#settings,
          ...Object.fromEntries(Object.entries(options).map(([key, value]) => [key, Number(value)])),
        }
        return
      case 'pass':
        this.#pass(Number(who))
        return
      case 'restart':
        this.group = deepFreeze(restored(JSON.parse(JSON.stringify(this.group)) as ClassicGroup, this.now))
        this.trace.push(`restarted: ${this.#state()}`)
        return
      case 'forget':
        this.#ids.delete(who)
        return
      case 'commit': {
        const problem = commitProblem(this.group, {
          memberId,
          groupInstanceId,
          generationId,
          isTransactional: options.tx === 'yes',
        })
        this.trace.push(`${who || 'nobody'} commits: ${problem ?? 'NONE'}`)
        return
      }
      case 'join':
        this.#step({
          kind: 'join',
          ticket: this.#next(who),
          memberId,
          groupInstanceId,
          newMemberId: `${who}-${this.#ticket}`,
          clientId: who,
          clientHost: '/127.0.0.1',
          sessionTimeoutMs: number('session', 10_000),
          rebalanceTimeoutMs: number('rebalance', 60_000),
          protocolType: options.type ?? 'consumer',
          protocols: (options.protocols ?? 'range')
            .split(',')
            .map((name) => ({ name, metadata: options.topics ?? 't' })),
          reason: options.reason ?? null,
          requireKnownMemberId: options.old !== 'yes' && groupInstanceId === null,
          supportsSkippingAssignment: options.skip === 'yes',
          settings: this.#settings,
        })
        return
      case 'sync':
        this.#step({
          kind: 'sync',
          ticket: this.#next(who),
          memberId,
          groupInstanceId,
          generationId,
          protocolType: options.type ?? null,
          protocolName: options.protocol ?? null,
          assignments: (options.assign ?? '')
            .split(',')
            .filter((entry) => entry !== '')
            .map((entry) => {
              const [name = '', assignment = ''] = entry.split(':')
              return { memberId: this.#ids.get(name) ?? name, assignment }
            }),
        })
        return
      case 'beat':
        this.#step({ kind: 'heartbeat', ticket: this.#next(who), memberId, groupInstanceId, generationId })
        return
      case 'leave':
        this.#step({
          kind: 'leave',
          ticket: this.#next(who),
          members: [
            {
              memberId: options.instance ? (options.id ?? '') : memberId,
              groupInstanceId,
              reason: options.reason ?? null,
            },
          ],
        })
        return
      case 'fence':
        this.#step({
          kind: 'fence',
          cause: { kind: 'offsetsReset', target: { to: 'earliest', value: null, groupId: null } },
        })
        return
      default:
        throw new Error(`there is no command ${verb}`)
    }
  }

  step(event: ClassicEvent): void {
    this.#step(event)
  }

  nextTicket(who: string): number {
    return this.#next(who)
  }

  passUntil(at: number): void {
    this.#pass(at - this.now)
  }

  #next(who: string): number {
    this.asked.set(++this.#ticket, who)
    return this.#ticket
  }

  #pass(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const at = classicMachine.wakeAt(this.group)
      if (at === undefined || at > end) break
      this.now = Math.max(this.now, at)
      const event = classicMachine.due(this.group, this.now)
      if (!event) throw new Error('a deadline passed, and nothing is due')
      this.#step(event)
    }
    this.now = end
  }

  #step(event: ClassicEvent): void {
    const before = this.group
    const { group, effects, causes } = classicMachine.step(before, deepFreeze(event), this.now)
    this.group = deepFreeze(group)
    if (causes.length > 0) {
      this.journal.push({ at: this.now, event })
      this.trace.push(`${this.now}: ${causesLine(causes)}`)
    }
    for (const effect of effects) {
      if (effect.kind === 'save') this.trace.push('  saved')
      else {
        if (this.answered.has(effect.ticket)) throw new Error(`ticket ${effect.ticket} was answered twice`)
        this.answered.set(effect.ticket, 'error' in effect.reply ? effect.reply.error : 'NONE')
        this.trace.push(`  ${this.asked.get(effect.ticket)} <- ${this.#told(effect.ticket, effect.reply)}`)
      }
    }
    if (group.state !== before.state || group.generationId !== before.generationId)
      this.trace.push(`  = ${this.#state()}`)
  }

  #told(ticket: number, reply: ClassicReply): string {
    const who = this.asked.get(ticket) ?? ''
    if (reply.api === 'join') {
      if (reply.memberId !== '') this.#ids.set(who, reply.memberId)
      if (reply.error !== 'NONE') return `join ${reply.error}`
      const members = reply.members.map(({ memberId }) => this.#nameOf(memberId)).join(',')
      return `join generation ${reply.generationId} ${reply.protocolName} leader ${this.#nameOf(reply.leader)}${members ? ` of ${members}` : ''}${reply.skipAssignment ? ' skips' : ''}`
    }
    if (reply.api === 'sync')
      return reply.error === 'NONE' ? `sync ${reply.assignment || '(nothing)'}` : `sync ${reply.error}`
    if (reply.api === 'leave') return `leave ${reply.members.map(({ error }) => error).join(',')}`
    return `heartbeat ${reply.error}`
  }

  #nameOf(memberId: string): string {
    return memberId.replace(/-\d+$/, '')
  }

  #state(): string {
    const { state, generationId, members } = this.group
    return `${state} generation ${generationId} members ${members.map(({ memberId }) => this.#nameOf(memberId)).join(',') || 'none'}`
  }
}
