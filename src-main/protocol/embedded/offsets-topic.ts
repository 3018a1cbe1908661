import { decodePrefix, encode } from '../codec'
import { DecodeError } from '../failures'
import { array, bytes, type Fields, type InputOf, int32, int64, type Message, message, string } from '../schema'

const notFlexible = Number.POSITIVE_INFINITY

const offsetKey = message('OffsetCommitKey', {
  versions: [0, 1],
  flexible: notFlexible,
  fields: { group: string(), topic: string(), partition: int32() },
})

const offsetValue = message('OffsetCommitValue', {
  versions: [3, 3],
  flexible: notFlexible,
  fields: { offset: int64(), leaderEpoch: int32(), metadata: string(), commitTimestamp: int64() },
})

const groupKey = message('GroupMetadataKey', { versions: [2, 2], flexible: notFlexible, fields: { group: string() } })

const groupValue = message('GroupMetadataValue', {
  versions: [3, 3],
  flexible: notFlexible,
  fields: {
    protocolType: string(),
    generation: int32(),
    protocol: string({ nullable: true }),
    leader: string({ nullable: true }),
    currentStateTimestamp: int64(),
    members: array({
      memberId: string(),
      groupInstanceId: string({ nullable: true }),
      clientId: string(),
      clientHost: string(),
      rebalanceTimeout: int32(),
      sessionTimeout: int32(),
      subscription: bytes(),
      assignment: bytes(),
    }),
  },
})

export type OffsetKey = InputOf<(typeof offsetKey)['fields']>
export type OffsetValue = InputOf<(typeof offsetValue)['fields']>
export type GroupValue = InputOf<(typeof groupValue)['fields']>

/** Keys and values of `__consumer_offsets`, in the versions that Apache Kafka 4.4 writes. */
export const writeOffsetKey = (value: OffsetKey): Uint8Array => versioned(offsetKey, 1, value)
export const writeOffsetValue = (value: OffsetValue): Uint8Array => versioned(offsetValue, 3, value)
export const writeGroupKey = (group: string): Uint8Array => versioned(groupKey, 2, { group })
export const writeGroupValue = (value: GroupValue): Uint8Array => versioned(groupValue, 3, value)

/** Keys of one group. Those of one topic end with their partition, and are alike before it: they are encoded once for the topic. */
export function writeOffsetKeys(group: string, places: readonly Omit<OffsetKey, 'group'>[]): Uint8Array[] {
  let before: { readonly topic: string; readonly key: Uint8Array } | undefined
  return places.map(({ topic, partition }) => {
    if (before?.topic !== topic) {
      before = { topic, key: writeOffsetKey({ group, topic, partition }) }
      return before.key
    }
    const key = Buffer.from(before.key)
    key.writeInt32BE(partition, key.length - 4)
    return key
  })
}

/** Values that belong to such keys. Those of one commit mostly differ in their offset alone, which follows the version. */
export function writeOffsetValues(values: readonly OffsetValue[]): Uint8Array[] {
  let before: { readonly value: OffsetValue; readonly blob: Uint8Array } | undefined
  return values.map((value) => {
    if (!before || !differsInOffsetAlone(before.value, value)) {
      before = { value, blob: writeOffsetValue(value) }
      return before.blob
    }
    const blob = Buffer.from(before.blob)
    blob.writeBigInt64BE(value.offset, 2)
    return blob
  })
}

function differsInOffsetAlone(a: OffsetValue, b: OffsetValue): boolean {
  return a.metadata === b.metadata && a.leaderEpoch === b.leaderEpoch && a.commitTimestamp === b.commitTimestamp
}

function versioned<S extends Fields>(of: Message<S>, version: number, value: InputOf<S>): Uint8Array {
  const body = encode(of, version, value)
  const blob = new Uint8Array(2 + body.byteLength)
  blob[1] = version
  blob.set(body, 2)
  return blob
}

/** A key of `__consumer_offsets`, of what it speaks. @throws DecodeError */
export function readOffsetsTopicKey(blob: Uint8Array): { readonly kind: 'offset' | 'group'; readonly fields: object } {
  const version = versionOf(blob)
  if (version === 2) return { kind: 'group', fields: decodePrefix(groupKey, 2, blob, 2) }
  if (version <= 1) return { kind: 'offset', fields: decodePrefix(offsetKey, version, blob, 2) }
  throw new DecodeError('OffsetsTopicKey', version, 'version', 0, `keys of version ${version} are not known`)
}

/** The value that belongs to such a key. @throws DecodeError */
export function readOffsetsTopicValue(kind: 'offset' | 'group', blob: Uint8Array): object {
  const version = versionOf(blob)
  if (version !== 3) {
    throw new DecodeError('OffsetsTopicValue', version, 'version', 0, `values of version ${version} are not known`)
  }
  return kind === 'offset' ? decodePrefix(offsetValue, 3, blob, 2) : decodePrefix(groupValue, 3, blob, 2)
}

function versionOf(blob: Uint8Array): number {
  if (blob.byteLength < 2)
    throw new DecodeError('OffsetsTopic', 0, 'version', 0, `2 bytes needed, ${blob.byteLength} left`)
  return ((blob[0] as number) << 8) | (blob[1] as number)
}
