import type { Workspace } from '../storage'
import type { Commits } from './commits'
import { DocumentMap } from './document-map'

/** A feature of the cluster (KIP-584): the levels that this broker knows, and the one in use. */
export interface Feature {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly finalized: number
}

/** What Apache Kafka 4.4 supports and what a fresh cluster of it uses. */
const features: readonly Feature[] = [
  { name: 'eligible.leader.replicas.version', min: 0, max: 1, finalized: 1 },
  { name: 'group.version', min: 0, max: 1, finalized: 1 },
  { name: 'kraft.version', min: 0, max: 1, finalized: 1 },
  { name: 'metadata.version', min: 7, max: 33, finalized: 33 },
  { name: 'share.version', min: 0, max: 2, finalized: 1 },
  { name: 'streams.version', min: 0, max: 1, finalized: 1 },
  { name: 'transaction.version', min: 0, max: 2, finalized: 2 },
]

/** The features of the cluster. Levels that were changed (UpdateFeatures) are kept in the workspace. */
export class Features {
  readonly #levels: DocumentMap<number>
  epoch = 1n

  constructor(workspace: Workspace, commits: Commits) {
    this.#levels = new DocumentMap({ workspace, commits, kind: 'feature' })
  }

  all(): Feature[] {
    return features.map((feature) => ({ ...feature, finalized: this.level(feature.name) }))
  }

  find(name: string): Feature | undefined {
    return this.all().find((feature) => feature.name === name)
  }

  level(name: string): number {
    return this.#levels.get(name) ?? features.find((feature) => feature.name === name)?.finalized ?? 0
  }

  /** @throws StorageFailure */
  set(name: string, level: number): void {
    this.#levels.set(name, level)
    this.epoch++
  }
}
