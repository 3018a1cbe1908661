import type { Clock } from '../../base/clock'
import type { SchemaName, SchemaSource } from '../decoders/framing'
import type { RegistryAccess } from './access'
import { RemoteSchemas } from './remote-schemas'

/** Schemas for decoding: those of a registry that was chosen, else our own. */
export class SwitchedSchemas implements SchemaSource {
  readonly #own: SchemaSource
  readonly #clock: Pick<Clock, 'now'>
  #current: SchemaSource

  constructor(own: SchemaSource, clock: Pick<Clock, 'now'>) {
    this.#own = own
    this.#clock = clock
    this.#current = own
  }

  /** `null`: our own. */
  choose(access: RegistryAccess | null): void {
    this.#current = access === null ? this.#own : new RemoteSchemas(access, this.#clock)
  }

  get where(): string {
    return this.#current.where
  }

  get prepare(): ((names: readonly SchemaName[]) => Promise<void>) | undefined {
    const current = this.#current
    return current.prepare && ((names) => current.prepare?.(names) ?? Promise.resolve())
  }

  byId(id: number, subject: string) {
    return this.#current.byId(id, subject)
  }

  byGuid(guid: string) {
    return this.#current.byGuid(guid)
  }
}

/** Where there is no registry of our own: a cluster elsewhere, until one is chosen. */
export const noSchemas: SchemaSource = {
  where: 'any registry',
  byId: noneChosen,
  byGuid: noneChosen,
}

function noneChosen(): never {
  throw new Error('no schema registry was chosen for this cluster; the Schemas page does that')
}
