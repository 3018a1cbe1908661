import type { Core } from '../../broker/core'
import { schemasOf } from '../decoders/registry-schemas'
import type { RegistrySource } from '../source/registry'

/** The schema registry of the broker in this process. */
export function embeddedSchemas({ schemas }: Core): RegistrySource {
  return {
    changed: schemas.changed,
    decoding: schemasOf(() => schemas.now()),
    read: (look) => schemas.read(look),
    write: (operate) => schemas.write(operate),
  }
}
