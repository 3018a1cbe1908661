import type { Listen } from '../../base/emitter'
import type { Outcome, Registry } from '../../registry/registry'

/** A schema registry as the desk sees it. */
export interface RegistrySource {
  /** What is stored has changed. */
  readonly changed: Listen<void>
  read<T>(look: (registry: Registry) => T): Promise<T>
  /** Answers when it is stored. @throws RegistryError */
  write<T>(operate: (registry: Registry) => Outcome<T>): Promise<T>
}
