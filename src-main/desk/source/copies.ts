import type { Listen } from '../../base/emitter'
import type { CopiesView, CopyInput, CopyPreview } from '../../contract/copies'

/** Copies of slices of this cluster to a broker on this machine. A rejected promise holds a sentence for the person who asked. */
export interface CopySource {
  readonly changed: Listen<void>
  view(): CopiesView
  /** What would be written; nothing is. */
  preview(order: CopyInput): Promise<CopyPreview>
  /** Answers with the id of the copy. */
  start(order: CopyInput): string
  stop(id: string): void
  resume(id: string): void
  forget(id: string): void
  dispose(): void
}
