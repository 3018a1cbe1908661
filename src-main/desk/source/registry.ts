import type { Listen } from '../../base/emitter'
import type { Outcome, Registry } from '../../registry/registry'
import type { SchemaSource } from '../decoders/registry'

/** A schema registry as the desk sees it. */
export interface RegistrySource {
  /** What is stored has changed. */
  readonly changed: Listen<void>
  /** The schemas that keys and values name, for single messages. */
  readonly decoding: SchemaSource
  read<T>(look: (registry: Registry) => T): Promise<T>
  /** Answers when it is stored. @throws RegistryError */
  write<T>(operate: (registry: Registry) => Outcome<T>): Promise<T>
}
