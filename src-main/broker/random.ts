import { randomBytes } from 'node:crypto'
import type { Uuid } from '../base/uuid'

/** A new id as Kafka makes them (Uuid.randomUuid): none begins with a dash, which tools would take for an option. */
export function randomUuid(): Uuid {
  for (;;) {
    const id = randomBytes(16).toString('base64').replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)
    if (!id.startsWith('-')) return id
  }
}

/** A positive int, for ids of fetch sessions. */
export function randomInt31(): number {
  return randomBytes(4).readUInt32BE() >>> 1
}
