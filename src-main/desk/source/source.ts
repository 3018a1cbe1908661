import type { Cannot } from '../../contract/capabilities'
import type { Name } from '../../contract/contract'
import type { RegistryChoice } from '../chosen-registry/choice'
import type { SchemaSource } from '../decoders/framing'
import type { ClientSource } from './clients'
import type { CopySource } from './copies'
import type { GroupSource, JournalSource } from './groups'
import type { RecordSource } from './records'
import type { RegistrySource } from './registry'
import type { ListenerSource, SecuritySource } from './security'
import type { ShareSource } from './shares'
import type { StreamsSource } from './streams'
import type { TopicSource } from './topics'
import type { TransactionSource } from './transactions'
import type { DemoSource, KeptMaps, LockSource, SettingsSource, WireSource, WorkspaceSource } from './workspace'

/**
 * A cluster as the desk's subjects see it. Every answer is a promise: the broker in this process has it at once, a real cluster is asked
 * over the network. A rejected promise holds a sentence for the person who asked.
 *
 * What only some clusters can tell is optional. Whoever leaves it out names the affected parts of the contract in `cannot`.
 */
export interface ClusterSource {
  /** Parts of the contract that this cluster cannot answer, each with the sentence that pages show instead. */
  readonly cannot: Cannot<Name>
  /** Each answer costs the cluster requests: what nobody shows is not asked for. */
  readonly isPolled?: true
  /** What changes the cluster is refused while it is locked. */
  readonly lock?: LockSource
  readonly topics: TopicSource
  readonly records: RecordSource
  readonly groups: GroupSource
  readonly transactions: TransactionSource
  readonly security: SecuritySource
  /** What the app itself remembers of this cluster: decoders, resets that wait. Never stored in a remote cluster. */
  readonly kept: KeptMaps
  readonly workspace: WorkspaceSource
  readonly clients?: ClientSource
  readonly copies?: CopySource
  readonly journal?: JournalSource
  readonly shares?: ShareSource
  readonly streams?: StreamsSource
  readonly wire?: WireSource
  readonly listeners?: ListenerSource
  readonly settings?: SettingsSource
  readonly demo?: DemoSource
  /** The schema registry of this broker. */
  readonly schemas?: RegistrySource
  /** The schemas that keys and values name: of the registry that was chosen for decoding, else of this broker. */
  readonly decoding: SchemaSource
  readonly registryChoice: RegistryChoice
}
