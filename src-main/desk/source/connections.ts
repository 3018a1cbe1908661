import type { Listen } from '../../base/emitter'
import type { Checked } from '../../contract/check'
import type {
  ConnectionDraft,
  ConnectionFinding,
  ConnectionsView,
  connectionFile,
  connectionImport,
  FoundConnection,
} from '../../contract/connections'

/** The stored connections to clusters elsewhere, wherever they are kept. A rejected promise holds a sentence for the user. */
export interface ConnectionSource {
  readonly changed: Listen<void>
  view(): Promise<ConnectionsView>
  save(draft: ConnectionDraft): Promise<string>
  duplicate(id: string): Promise<string>
  remove(id: string): Promise<void>
  /** @param view null: where its window was */
  open(id: string, view: string | null): Promise<void>
  unpin(id: string): Promise<void>
  /** Tries each step of a connection. */
  test(draft: ConnectionDraft): AsyncIterable<ConnectionFinding>
  /** The connections of another tool's file; no secret is in the answer. */
  read(file: Checked<typeof connectionFile>): Promise<readonly FoundConnection[]>
  import(chosen: Checked<typeof connectionImport>): Promise<readonly string[]>
}
