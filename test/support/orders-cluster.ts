import type { Client } from '../../src-main/contract/client'
import type { Contract } from '../../src-main/contract/contract'
import type { InputOf } from '../../src-main/contract/define'
import type { Histogram, MessageRow, SearchPosition } from '../../src-main/contract/messages'
import type { ClusterStage } from '../../src-main/contract/workspace'
import { batchOf } from './core'
import { TestDesk } from './desk'
import { FakeCluster } from './fake-cluster'
import { RemoteDesk } from './remote-desk'

/** A cluster with a few orders and a group, as the desk of its broker shows it and as a desk over the network does. */
export class OrdersCluster {
  readonly cluster: FakeCluster
  readonly embedded: TestDesk
  #remote: RemoteDesk | undefined

  private constructor(cluster: FakeCluster) {
    this.cluster = cluster
    this.embedded = new TestDesk(cluster.broker)
  }

  static async start(): Promise<OrdersCluster> {
    const cluster = new FakeCluster()
    const tester = cluster.broker.client()
    await tester.create('orders', 2)
    await tester.create('empty', 1, { 'cleanup.policy': 'compact' })
    for (let i = 0; i < 5; i++) {
      await tester.produce('orders', batchOf(['a', 'b', 'c'].map((text) => `${text}${i}`)), i % 2)
    }
    await tester.ask('OffsetCommit', 8, {
      groupId: 'billing',
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 4n, committedMetadata: 'm' }] }],
    })
    return new OrdersCluster(cluster)
  }

  /** Opens the desk over the network, in place of one that is open. */
  async open(isReadOnly: boolean, stage: ClusterStage | null = null): Promise<RemoteDesk> {
    this.#remote?.dispose()
    this.#remote = await RemoteDesk.open(this.cluster, isReadOnly, {}, undefined, stage)
    return this.#remote
  }

  /** Every row that a search gives. */
  async searched(page: Client, input: Partial<InputOf<Contract['messages.search']>>): Promise<MessageRow[]> {
    const rows: MessageRow[] = []
    await this.cluster.settle(
      new Promise<void>((resolve, reject) => {
        page.feed(
          'messages.search',
          { ...plainSearch, ...input },
          {
            items: (items) => {
              for (const item of items) if (item.kind === 'rows') rows.push(...item.rows)
            },
            failed: (message) => reject(new Error(message)),
            done: () => resolve(),
          },
        )
      }),
    )
    return rows
  }

  /** One page of a search, and where the next begins. What is open of it is closed by `close`. */
  page(page: Client, input: Partial<InputOf<Contract['messages.search']>>): Promise<SearchPage> {
    const rows: MessageRow[] = []
    return this.cluster.settle(
      new Promise((resolve, reject) => {
        const close = page.feed(
          'messages.search',
          { ...plainSearch, ...input },
          {
            items: (items) => {
              for (const item of items) {
                if (item.kind === 'rows') rows.push(...item.rows)
                else if (item.kind === 'progress' && item.progress.done)
                  resolve({ rows, next: item.progress.next ?? null, close })
              }
            },
            failed: (message) => reject(new Error(message)),
          },
        )
      }),
    )
  }

  /** The first histogram of all records. */
  counted(page: Client, input: InputOf<Contract['messages.histogram']>): Promise<Histogram> {
    return this.cluster.settle(
      new Promise((resolve, reject) => {
        const close = page.feed('messages.histogram', input, {
          items: (items) => {
            const whole = items.find(({ share }) => share === 1)
            if (!whole) return
            close()
            resolve(whole)
          },
          failed: (message) => reject(new Error(message)),
        })
      }),
    )
  }

  async dispose(): Promise<void> {
    this.#remote?.dispose()
    await this.embedded.dispose()
    await this.cluster.dispose()
  }
}

export interface SearchPage {
  readonly rows: readonly MessageRow[]
  readonly next: SearchPosition | null
  readonly close: () => void
}

const plainSearch: InputOf<Contract['messages.search']> = {
  topics: ['orders'],
  partitions: null,
  from: 'oldest',
  value: null,
  until: null,
  groupId: null,
  limit: 100,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
  after: null,
  columns: [],
}

/** Counts over time of all orders. */
export const overTime: InputOf<Contract['messages.histogram']> = {
  topics: ['orders'],
  partitions: null,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
  buckets: 20,
}
