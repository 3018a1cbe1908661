import type { Clock } from '../base/clock'
import { alterShareOffsets } from '../client/admin/share-groups'
import type { KafkaClient } from '../client/client'
import { pause } from '../client/retry'
import { ShareConsumer } from '../client/share/consumer'
import type { AcknowledgeType } from '../client/share/session'
import { orders } from './shop'

export const packingGroup = 'demo-packing'

const packers = ['demo-packer-1', 'demo-packer-2', 'demo-packer-3']
const packingMs = 80
const maxRecords = 20
/** Every so many orders: one goes back to be packed by another, one is rejected, one can never be packed. */
const releasedEvery = 13
const rejectedEvery = 47
const impossibleEvery = 211

interface PackerParts {
  readonly clientOf: (clientId: string) => KafkaClient
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** A share group of the demo: packers that take orders from the same partitions, each order for itself (KIP-932). */
export class Packers {
  readonly #consumers: readonly ShareConsumer[]

  constructor({ clientOf, clock, onError }: PackerParts) {
    this.#consumers = packers.map(
      (clientId) =>
        new ShareConsumer(clientOf(clientId), {
          groupId: packingGroup,
          topics: [orders],
          maxWaitMs: 500,
          maxRecords,
          async onRecord({ offset }, { deliveryCount }) {
            await pause(clock, packingMs)
            return fateOf(offset, deliveryCount)
          },
          onError,
        }),
    )
  }

  /** @throws ClientError, KafkaError when the group cannot be made */
  async open(admin: KafkaClient, partitions: number): Promise<void> {
    const offsets = Array.from({ length: partitions }, (_, partition) => ({ topic: orders, partition, offset: 0n }))
    await alterShareOffsets(admin, packingGroup, offsets)
    for (const consumer of this.#consumers) consumer.start()
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#consumers.map((consumer) => consumer.close()))
  }
}

function fateOf(offset: number, deliveryCount: number): AcknowledgeType {
  if (offset % impossibleEvery === impossibleEvery - 1) return 'release'
  if (offset % rejectedEvery === rejectedEvery - 1) return 'reject'
  return offset % releasedEvery === releasedEvery - 1 && deliveryCount === 1 ? 'release' : 'accept'
}
