import type { RunningBroker } from '../../broker/create'
import { RegistryChoice } from '../chosen-registry/choice'
import { SwitchedSchemas } from '../chosen-registry/switched-schemas'
import { schemasOf } from '../decoders/registry-schemas'
import type { ClusterSource } from '../source/source'
import type { DemoSource } from '../source/workspace'
import { embeddedClients } from './clients'
import { embeddedGroups } from './groups'
import { embeddedJournal } from './journal'
import { embeddedKept } from './kept'
import { embeddedListeners } from './listeners'
import { Reader, readerHere, readerThread } from './reader'
import { RecordCounts } from './record-counts'
import { embeddedRecords } from './records'
import { embeddedSchemas } from './schemas'
import { embeddedSecurity } from './security'
import { embeddedSettings } from './settings'
import { embeddedShares } from './shares'
import type { StartFacts } from './start'
import { embeddedStreams } from './streams'
import { embeddedTopics } from './topics'
import { embeddedTransactions } from './transactions'
import { ExchangeLog } from './wire'
import { embeddedWorkspace } from './workspace'

export interface EmbeddedParts {
  readonly broker: RunningBroker
  /** How the broker was started. */
  readonly start: StartFacts
  /** The built `reader-thread.js`; `null` reads in this thread (tests). */
  readonly readerThread: string | null
  readonly demo?: DemoSource
  readonly onError: (error: unknown) => void
}

/** The broker in this process as the desk sees it: everything is known, at once. */
export interface EmbeddedSource extends ClusterSource {
  dispose(): Promise<void>
}

const copying = ['copies', 'copy.preview', 'copy.start', 'copy.stop', 'copy.resume', 'copy.forget'] as const
const noCopies = 'Slices are copied to this broker, from the pages of a cluster elsewhere.'

export function embeddedSource({ broker, start, readerThread: entry, demo, onError }: EmbeddedParts): EmbeddedSource {
  const { core } = broker
  const { file } = core.workspace
  const reader = new Reader(entry === null ? readerHere(file) : readerThread(entry, file), onError, () =>
    core.workspace.settled(),
  )
  const counts = new RecordCounts(
    (ranges) => reader.counts(ranges),
    core.clock,
    (topic) => core.configs.topic(topic).compact,
  )
  const kept = embeddedKept(core)
  const decoding = new SwitchedSchemas(
    schemasOf(() => core.schemas.now()),
    core.clock,
  )
  const registryChoice = new RegistryChoice({
    kept: kept.map('registry'),
    given: start.decodingRegistry ?? null,
    use(access) {
      decoding.choose(access)
      reader.useRegistry(access)
    },
    onError,
  })
  return {
    cannot: Object.fromEntries(copying.map((name) => [name, noCopies])),
    topics: embeddedTopics(core, counts, onError),
    records: embeddedRecords(core, reader, counts),
    groups: embeddedGroups(core, onError),
    transactions: embeddedTransactions(core),
    security: embeddedSecurity(core, start, onError),
    kept,
    workspace: embeddedWorkspace(core),
    clients: embeddedClients(core, (connectionId) => demo?.owns(connectionId) ?? false, onError),
    journal: embeddedJournal(core),
    shares: embeddedShares(core),
    streams: embeddedStreams(core),
    wire: new ExchangeLog(broker.exchanges, core.topics, core.clock),
    listeners: embeddedListeners(core, start, onError),
    settings: embeddedSettings(core, start, onError),
    schemas: embeddedSchemas(core),
    decoding,
    registryChoice,
    ...(demo ? { demo } : {}),
    dispose: () => reader.dispose(),
  }
}
