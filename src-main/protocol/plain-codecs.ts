import type { Uuid } from '../base/uuid'
import type { Reader } from './reader'
import type { Writer } from './writer'

/** Both directions of one type in one version. */
export interface Codec {
  /** The fewest bytes that a value can take: what an array's count is held against before anything is allocated. */
  readonly minBytes: number
  read(from: Reader): unknown
  write(value: unknown, to: Writer): void
}

/** A fault on the way out, before its path and message are known. */
export class WriteFault extends Error {
  readonly path: string[] = []
}

/** A function of its own for each type: one that called readers and writers by name would be slow, as each message has many such fields. */
export const plainCodecs = {
  bool: plain<boolean>(
    1,
    (from) => from.bool(),
    (value, to) => to.bool(value),
  ),
  int8: plain<number>(
    1,
    (from) => from.int8(),
    (value, to) => to.int8(value),
  ),
  int16: plain<number>(
    2,
    (from) => from.int16(),
    (value, to) => to.int16(value),
  ),
  uint16: plain<number>(
    2,
    (from) => from.uint16(),
    (value, to) => to.uint16(value),
  ),
  int32: plain<number>(
    4,
    (from) => from.int32(),
    (value, to) => to.int32(value),
  ),
  int64: plain<bigint>(
    8,
    (from) => from.int64(),
    (value, to) => to.int64(value),
  ),
  float64: plain<number>(
    8,
    (from) => from.float64(),
    (value, to) => to.float64(value),
  ),
  uuid: plain<Uuid>(
    16,
    (from) => from.uuid(),
    (value, to) => to.uuid(value),
  ),
}

function plain<T>(minBytes: number, read: (from: Reader) => T, write: (value: T, to: Writer) => void): Codec {
  return {
    minBytes,
    read,
    write(value, to) {
      if (value === null || value === undefined) throw new WriteFault('no value given')
      write(value as T, to)
    },
  }
}
