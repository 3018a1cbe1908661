import { decodePrefix, encode } from '../codec'
import { DecodeError } from '../failures'
import { array, bytes, int32, message, string, type ValueOf } from '../schema'

const newest = 3

const topicPartitions = { topic: string(), partitions: array(int32()) }

const subscription = message('ConsumerProtocolSubscription', {
  versions: [0, newest],
  flexible: Number.POSITIVE_INFINITY,
  fields: {
    topics: array(string()),
    userData: bytes({ nullable: true, default: null }),
    ownedPartitions: array(topicPartitions, { since: 1, ignorable: true }),
    generationId: int32({ since: 2, default: -1, ignorable: true }),
    rackId: string({ since: 3, nullable: true, default: null, ignorable: true }),
  },
})

const assignment = message('ConsumerProtocolAssignment', {
  versions: [0, newest],
  flexible: Number.POSITIVE_INFINITY,
  fields: {
    assignedPartitions: array(topicPartitions),
    userData: bytes({ nullable: true, default: null }),
  },
})

/** What a member of a classic consumer group subscribes to: the metadata of its JoinGroup. */
export type Subscription = ValueOf<(typeof subscription)['fields']>
/** What the leader gives to a member: the assignment of its SyncGroup. */
export type Assignment = ValueOf<(typeof assignment)['fields']>

/** @throws DecodeError */
export function readSubscription(blob: Uint8Array): Subscription {
  return decodePrefix(subscription, versionOf(subscription.name, blob), blob, 2)
}

/** @throws DecodeError */
export function readAssignment(blob: Uint8Array): Assignment {
  return decodePrefix(assignment, versionOf(assignment.name, blob), blob, 2)
}

/** With its version in front, as it stands in a SyncGroup. */
export function writeAssignment(value: Pick<Assignment, 'assignedPartitions'>, version = newest): Uint8Array {
  return withVersion(version, encode(assignment, version, { ...value, userData: null }))
}

/** With its version in front, as it stands in a JoinGroup. */
export function writeSubscription(value: Subscription, version = newest): Uint8Array {
  return withVersion(version, encode(subscription, version, value))
}

/** A newer version than ours is read as ours: its new fields follow the known ones (ConsumerProtocol.checkVersion). */
function versionOf(name: string, blob: Uint8Array): number {
  if (blob.byteLength < 2) throw new DecodeError(name, 0, 'version', 0, `2 bytes needed, ${blob.byteLength} left`)
  const version = ((blob[0] as number) << 8) | (blob[1] as number)
  if (version > 32_767) throw new DecodeError(name, version, 'version', 0, `version ${version - 65_536} does not exist`)
  return Math.min(version, newest)
}

function withVersion(version: number, body: Uint8Array): Uint8Array {
  const blob = new Uint8Array(2 + body.byteLength)
  blob[1] = version
  blob.set(body, 2)
  return blob
}
