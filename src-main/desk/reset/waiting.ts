import { Emitter, type Listen } from '../../base/emitter'
import type { Core } from '../../broker/core'
import { targetText } from '../../contract/causes'
import type { WaitingReset } from '../../contract/reset'
import { applyReset, type PlanInput, planReset, targetOf } from './reset'

/** The document of the workspace that holds them: they wait on when the app is closed and opened again. */
const kind = 'waiting-reset'

interface Held {
  readonly input: PlanInput
  readonly waiting: WaitingReset
}

/** Resets that are done as soon as their group is empty: one a group, until they are done or cancelled. */
export class WaitingResets {
  readonly changed: Listen<string>
  readonly #core: Core
  readonly #changes: Emitter<string>
  readonly #held = new Map<string, Held>()
  readonly #applied: (groupId: string) => void
  readonly #stop: () => void

  constructor(core: Core, applied: (groupId: string) => void, onError: (error: unknown) => void) {
    this.#core = core
    this.#applied = applied
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    for (const { key, value } of core.workspace.documents.list(kind)) this.#held.set(key, JSON.parse(value) as Held)
    this.#stop = core.groups.framed(({ groupId }) => {
      // After the step that is being taken.
      if (this.#held.has(groupId)) queueMicrotask(() => void this.#tryApply(groupId).catch(onError))
    })
    for (const groupId of this.#held.keys()) queueMicrotask(() => void this.#tryApply(groupId).catch(onError))
  }

  of(groupId: string): WaitingReset | null {
    return this.#held.get(groupId)?.waiting ?? null
  }

  /** A span back from now is counted from now, not from when the group is empty. @throws Error with a sentence */
  async add(input: PlanInput): Promise<void> {
    const at = this.#core.clock.now()
    const to =
      input.to.to === 'back' ? { ...input.to, to: 'time' as const, value: at - (input.to.value ?? 0) } : input.to
    planReset(this.#core, { ...input, to })
    this.#set(input.groupId, {
      input: { ...input, to },
      waiting: { since: at, to: targetText(targetOf(input.to)), problem: null },
    })
    await this.#tryApply(input.groupId)
    await this.#core.commits.settled
  }

  async cancel(groupId: string): Promise<void> {
    this.#set(groupId, null)
    await this.#core.commits.settled
  }

  /** Does something now in place of what waits for the group, whose fence alone would set that off. What waits stays when it fails. */
  async replaceBy<T>(groupId: string, move: () => Promise<T>): Promise<T> {
    const held = this.#held.get(groupId)
    if (!held) return await move()
    this.#set(groupId, null)
    try {
      return await move()
    } catch (error) {
      this.#set(groupId, held)
      throw error
    }
  }

  dispose(): void {
    this.#stop()
  }

  async #tryApply(groupId: string): Promise<void> {
    const held = this.#held.get(groupId)
    if (!held || held.waiting.problem !== null) return
    const view = this.#core.groups.find(groupId)
    if (view && view.members.length > 0) return
    if (!view) {
      // The group was deleted, and its offsets with it.
      this.#set(groupId, null)
      return
    }
    // Forgotten first: what the reset itself changes must not begin it again.
    this.#set(groupId, null)
    try {
      await applyReset(this.#core, { ...held.input, fence: false })
      this.#applied(groupId)
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#set(groupId, { ...held, waiting: { ...held.waiting, problem } })
    }
  }

  #set(groupId: string, held: Held | null): void {
    if (held) this.#held.set(groupId, held)
    else this.#held.delete(groupId)
    this.#core.workspace.write(() =>
      this.#core.workspace.documents.set(kind, groupId, held ? JSON.stringify(held) : null),
    )
    this.#changes.emit(groupId)
  }
}
