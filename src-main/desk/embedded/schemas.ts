import type { Core } from '../../broker/core'
import { RegistryError } from '../../registry/schema'
import type { RegistrySource } from '../source/registry'
import { nothingChanged } from './stored'

/** Confluent's error code of a registry whose topic cannot be written. */
const notStored = 50001

/** The schema registry of the broker in this process. */
export function embeddedSchemas({ schemas }: Core): RegistrySource {
  return {
    changed: schemas.changed,
    read: (look) => schemas.read(look),
    write: (operate) =>
      schemas.write(operate).catch((error: unknown) => {
        throw error instanceof RegistryError && error.code === notStored
          ? new Error(`${nothingChanged}${error.message}.`)
          : error
      }),
  }
}
