import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import { targetText } from '../../contract/causes'
import type { ResetPlan, WaitingReset } from '../../contract/reset'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'
import { applyReset, type PlanInput, planReset, targetOf } from './reset'

interface Held {
  readonly input: PlanInput
  readonly waiting: WaitingReset
}

interface WaitingParts {
  readonly source: ClusterSource
  readonly clock: Clock
  /** A reset that waited was applied. */
  readonly applied: (groupId: string) => void
  readonly onError: (error: unknown) => void
}

/**
 * Resets that are done as soon as their group is empty: one a group, until they are done or cancelled. They are kept in the workspace and
 * wait on when the app is closed and opened again. What memory holds follows what is stored.
 */
export class WaitingResets {
  readonly changed: Listen<string>
  readonly #parts: WaitingParts
  readonly #kept: KeptMap<Held>
  readonly #changes: Emitter<string>
  readonly #held = new Map<string, Held>()
  /** Groups that are being moved: what a reset itself changes must not begin it again. */
  readonly #busy = new Set<string>()
  readonly #loaded: Promise<void>
  readonly #stop: () => void

  constructor(parts: WaitingParts) {
    this.#parts = parts
    this.#kept = parts.source.kept.map('waiting-reset')
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    this.#stop = parts.source.groups.changed((groupId) => this.#look(groupId))
    this.#loaded = this.#load()
    this.#loaded.catch(parts.onError)
  }

  of(groupId: string): WaitingReset | null {
    return this.#held.get(groupId)?.waiting ?? null
  }

  /** What the reset that waits would do if the group were empty now; `null` when none waits. @throws Error with a sentence */
  async plan(groupId: string): Promise<ResetPlan | null> {
    await this.#loaded
    const held = this.#held.get(groupId)
    return held ? await planReset(this.#parts.source, held.input, this.#parts.clock.now()) : null
  }

  /** Resolves when what an earlier run left is known. */
  async loaded(): Promise<void> {
    await this.#loaded
  }

  /** A span back from now is counted from now, not from when the group is empty. @throws Error with a sentence */
  async add(input: PlanInput): Promise<void> {
    await this.#loaded
    const { source, clock } = this.#parts
    const at = clock.now()
    const to =
      input.to.to === 'back' ? { ...input.to, to: 'time' as const, value: at - (input.to.value ?? 0) } : input.to
    if (!(await source.groups.find(input.groupId))) throw new Error(`There is no group ${input.groupId}.`)
    await planReset(source, { ...input, to }, at)
    await this.#set(input.groupId, {
      input: { ...input, to },
      waiting: { since: at, to: targetText(targetOf(input.to)), problem: null },
    })
    await this.#tryApply(input.groupId)
  }

  async cancel(groupId: string): Promise<void> {
    await this.#loaded
    await this.#set(groupId, null)
  }

  /** Does something now in place of what waits for the group, whose fence alone would set that off. What waits stays when it fails. */
  async replaceBy<T>(groupId: string, move: () => Promise<T>): Promise<T> {
    await this.#loaded
    this.#busy.add(groupId)
    try {
      const result = await move()
      if (this.#held.has(groupId)) await this.#set(groupId, null)
      return result
    } finally {
      this.#busy.delete(groupId)
    }
  }

  dispose(): void {
    this.#stop()
  }

  async #load(): Promise<void> {
    for (const [groupId, held] of await this.#kept.entries()) this.#held.set(groupId, held)
    for (const groupId of this.#held.keys()) this.#look(groupId)
  }

  #look(groupId: string): void {
    if (!this.#held.has(groupId) || this.#busy.has(groupId)) return
    // After the step that is being taken.
    queueMicrotask(() => void this.#tryApply(groupId).catch(this.#parts.onError))
  }

  async #tryApply(groupId: string): Promise<void> {
    const held = this.#held.get(groupId)
    if (!held || held.waiting.problem !== null || this.#busy.has(groupId)) return
    this.#busy.add(groupId)
    try {
      const { source, clock, applied } = this.#parts
      const group = await source.groups.find(groupId)
      if (group && group.members.length > 0) return
      // Without a group: it was deleted, and its offsets with it.
      const problem = group ? await problemOf(applyReset(source, { ...held.input, fence: false }, clock.now())) : null
      if (problem !== null) {
        await this.#set(groupId, { ...held, waiting: { ...held.waiting, problem } })
        return
      }
      await this.#set(groupId, null)
      if (group) applied(groupId)
    } finally {
      this.#busy.delete(groupId)
    }
  }

  /** The file first: what cannot be stored changes nothing here. */
  async #set(groupId: string, held: Held | null): Promise<void> {
    await this.#kept.set(groupId, held)
    if (held) this.#held.set(groupId, held)
    else this.#held.delete(groupId)
    this.#changes.emit(groupId)
  }
}

async function problemOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
