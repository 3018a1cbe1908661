import type { Lane } from './history'

const hues = 8

/** Numbers, hues and names of a group's members: a member keeps its own for as long as the page is open. */
export class Roster {
  readonly #numbers = new Map<string, number>()
  #names: ReadonlyMap<string, string> = new Map()

  /** Numbers members in the order given; names are short while no two that were given now share one. */
  meet(lanes: readonly Lane[]): void {
    const called = new Map<string, number>()
    for (const { memberId, member } of lanes) {
      if (!this.#numbers.has(memberId)) this.#numbers.set(memberId, this.#numbers.size)
      const name = member.instanceId ?? member.clientId
      called.set(name, (called.get(name) ?? 0) + 1)
    }
    const names = new Map(this.#names)
    for (const { memberId, member } of lanes) {
      const name = member.instanceId ?? (member.clientId || 'consumer')
      const isShared = (called.get(member.instanceId ?? member.clientId) ?? 0) > 1
      names.set(memberId, isShared ? `${name} ${memberId.slice(-4)}` : name)
    }
    this.#names = names
  }

  /** From 1 on. */
  number(memberId: string): number {
    return (this.#numbers.get(memberId) ?? this.#numbers.size) + 1
  }

  hue(memberId: string): number {
    return (this.number(memberId) - 1) % hues
  }

  color(memberId: string): string {
    return `var(--hue-${this.hue(memberId)})`
  }

  name(memberId: string): string {
    return this.#names.get(memberId) ?? memberId.slice(-4)
  }
}
