import type { Clock } from '../../base/clock'
import { javaHash } from '../../base/java-hash'
import type { ClassicGroup } from '../../groups/classic/group'
import {
  writeGroupKey,
  writeGroupValue,
  writeOffsetKeys,
  writeOffsetValues,
} from '../../protocol/embedded/offsets-topic'
import { readBatch } from '../../records/batch'
import { encodeBatch, type NewRecord } from '../../records/encode'
import type { Workspace } from '../../storage'
import type { Configs } from '../config/configs'
import { store } from '../log/append'
import type { Topics } from '../log/topics'
import type { CommittedOffset, OffsetsMirror } from './offsets'

export const offsetsTopic = '__consumer_offsets'

/** The configs that Kafka gives this topic (GroupCoordinator.groupMetadataTopicConfigs). */
const topicConfigs = new Map([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'producer'],
  ['segment.bytes', '104857600'],
])

const smallestInt = -(2 ** 31)

/** The partition of a group: the absolute Java hash of its name (GroupCoordinatorService.partitionFor, Utils.abs). */
export function partitionOf(groupId: string, partitions: number): number {
  const hash = javaHash(groupId)
  return (hash === smallestInt ? 0 : Math.abs(hash)) % partitions
}

/**
 * `__consumer_offsets` for tools that read it: every offset and every classic group that is stored is also written there, in the same
 * group commit. The coordinator itself never reads it.
 */
export class OffsetsTopic implements OffsetsMirror {
  readonly #topics: Topics
  readonly #workspace: Workspace
  readonly #configs: Configs
  readonly #clock: Clock

  constructor(parts: {
    readonly topics: Topics
    readonly workspace: Workspace
    readonly configs: Configs
    readonly clock: Clock
  }) {
    this.#topics = parts.topics
    this.#workspace = parts.workspace
    this.#configs = parts.configs
    this.#clock = parts.clock
  }

  /** Offsets that are committed. @throws StorageFailure */
  committed(groupId: string, rows: readonly CommittedOffset[]): void {
    const values = writeOffsetValues(
      rows.map(({ offset, leaderEpoch, metadata, committedAt }) => ({
        offset: BigInt(offset),
        leaderEpoch,
        metadata,
        commitTimestamp: BigInt(committedAt),
      })),
    )
    this.#append(
      groupId,
      writeOffsetKeys(groupId, rows).map((key, i) => ({ key, value: values[i] ?? null })),
    )
  }

  /** Offsets that were removed. @throws StorageFailure */
  removed(groupId: string, partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#append(
      groupId,
      writeOffsetKeys(groupId, partitions).map((key) => ({ key, value: null })),
    )
  }

  /** A group that was stored, or deleted with `null`. @throws StorageFailure */
  grouped(groupId: string, group: ClassicGroup | null): void {
    this.#append(groupId, [{ key: writeGroupKey(groupId), value: group && this.#valueOf(group) }])
  }

  #valueOf({ protocolType, generationId, protocolName, leaderId, members }: ClassicGroup): Uint8Array {
    const bytes = (base64: string) => Buffer.from(base64, 'base64')
    return writeGroupValue({
      protocolType: protocolType ?? '',
      generation: generationId,
      protocol: protocolName,
      leader: leaderId,
      currentStateTimestamp: BigInt(this.#clock.now()),
      members: members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: bytes(member.protocols.find(({ name }) => name === protocolName)?.metadata ?? ''),
        assignment: bytes(member.assignment),
      })),
    })
  }

  #append(groupId: string, pairs: readonly Pick<NewRecord, 'key' | 'value'>[]): void {
    if (pairs.length === 0) return
    const topic =
      this.#topics.find(offsetsTopic) ??
      this.#topics.create(offsetsTopic, this.#configs.brokerNumber('offsets.topic.num.partitions'), topicConfigs)
    const partition = topic.partition(partitionOf(groupId, topic.partitionCount))
    if (!partition) return
    const at = this.#clock.now()
    const batch = encodeBatch(pairs.map(({ key, value }) => ({ key, value, timestamp: at })))
    store(partition, readBatch(batch), { workspace: this.#workspace, at })
  }
}
