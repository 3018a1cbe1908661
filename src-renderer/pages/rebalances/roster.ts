import { clientText } from '../../../src-main/contract/thread-name'
import type { Lane } from './history'

const hues = 8

/** Numbers, hues and names of a group's members: a member keeps its own for as long as the page is open. */
export class Roster {
  /** As the broker assigns them, the same on all pages; by number until they are loaded. */
  hues: Readonly<Record<string, number>> = {}
  readonly #numbers = new Map<string, number>()
  readonly #names = new Map<string, string>()

  /** Names are short while those that are shown stay different; other members may be named too. */
  meet(shown: readonly Lane[], others: Iterable<Lane> = []): void {
    const called = new Map<string, number>()
    for (const lane of shown) called.set(wordOf(lane), (called.get(wordOf(lane)) ?? 0) + 1)
    for (const lane of shown) this.#know(lane, (called.get(wordOf(lane)) ?? 0) > 1)
    for (const lane of others) if (!this.#names.has(lane.memberId)) this.#know(lane, true)
  }

  /** From 1 on. */
  number(memberId: string): number {
    return (this.#numbers.get(memberId) ?? this.#numbers.size) + 1
  }

  hue(memberId: string): number {
    return this.hues[memberId] ?? (this.number(memberId) - 1) % hues
  }

  color(memberId: string): string {
    return `var(--hue-${this.hue(memberId)})`
  }

  name(memberId: string): string {
    return this.#names.get(memberId) ?? memberId.slice(-4)
  }

  #know(lane: Lane, isShared: boolean): void {
    const { memberId } = lane
    if (!this.#numbers.has(memberId)) this.#numbers.set(memberId, this.#numbers.size)
    this.#names.set(memberId, isShared ? `${wordOf(lane)} ${memberId.slice(-4)}` : wordOf(lane))
  }
}

function wordOf({ member }: Lane): string {
  return member.instanceId ?? clientText(member.clientId)
}

/** Names up to this length fit beside a lane. */
const fittingName = 18

/**
 * Names for the narrow column beside the lanes: where all begin alike and one is too long, the ends tell them apart: `…1 thread 2` of
 * `demo-statistics-1 thread 2`.
 */
export function shortLabels(
  names: readonly (readonly [memberId: string, name: string])[],
): ReadonlyMap<string, string> {
  const [first, ...others] = names.map(([, name]) => name)
  if (first === undefined || others.length === 0 || names.every(([, name]) => name.length <= fittingName))
    return new Map()
  let shared = 0
  for (let i = 0; i < first.length - 1 && others.every((name) => name[i] === first[i]); i++) {
    if (/[-._ ]/.test(first[i] ?? '')) shared = i + 1
  }
  return shared < 4 ? new Map() : new Map(names.map(([memberId, name]) => [memberId, `…${name.slice(shared)}`]))
}
