import type { KafkaClient } from '../../src-main/client/client'
import type { ClientSettings } from '../../src-main/client/settings'
import { type Client, connect } from '../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../src-main/contract/define'
import { serve } from '../../src-main/contract/server'
import type { ClusterStage } from '../../src-main/contract/workspace'
import { createDesk, type Desk } from '../../src-main/desk/desk'
import type { CopyTarget } from '../../src-main/desk/remote/copies'
import { remoteSource } from '../../src-main/desk/remote/remote'
import { WriteLock } from '../../src-main/desk/remote/write-lock'
import { memoryWires } from '../../src-main/wires/memory'
import type { FakeCluster } from './fake-cluster'

/** A desk over our own broker, through the network's side of it, and a page that asks it. */
export class RemoteDesk {
  readonly client: KafkaClient
  readonly page: Client
  readonly faults: readonly unknown[]
  readonly #cluster: FakeCluster
  readonly #desk: Desk

  private constructor(cluster: FakeCluster, client: KafkaClient, desk: Desk, faults: unknown[]) {
    this.#cluster = cluster
    this.client = client
    this.#desk = desk
    this.faults = faults
    const [here, there] = memoryWires()
    serve(there, desk.handlers, (error) => void faults.push(error))
    this.page = connect(here, (run) => run())
  }

  static async open(
    cluster: FakeCluster,
    isReadOnly: boolean,
    settings: Partial<ClientSettings> = {},
    copyTo?: CopyTarget,
    stage: ClusterStage | null = null,
  ): Promise<RemoteDesk> {
    const lock = new WriteLock({ name: 'node:1', stage, writing: isReadOnly ? 'never' : 'always' }, cluster.clock)
    const client = cluster.client({ ...settings, forbids: lock.forbids })
    const faults: unknown[] = []
    const onError = (error: unknown) => void faults.push(error)
    const source = await cluster.settle(
      remoteSource({ client, lock, clock: cluster.clock, ...(copyTo ? { copyTo } : {}), onError }),
    )
    const desk = createDesk({
      source,
      clock: cluster.clock,
      version: '0.0.0',
      addresses: [],
      listeners: [],
      registryUrl: null,
      onError,
    })
    return new RemoteDesk(cluster, client, desk, faults)
  }

  ask<N extends AskName>(name: N, input: InputOf<Contract[N]>): Promise<AnswerOf<Contract[N]>> {
    return asked(this.#cluster, this.page, name, input)
  }

  picture<N extends FeedName>(name: N, input: InputOf<Contract[N]>): Promise<ItemOf<Contract[N]>> {
    return pictured(this.#cluster, this.page, name, input)
  }

  dispose(): void {
    this.#desk.dispose()
  }
}

/** Asks while the time of the cluster passes. */
export function asked<N extends AskName>(
  cluster: FakeCluster,
  page: Client,
  name: N,
  input: InputOf<Contract[N]>,
): Promise<AnswerOf<Contract[N]>> {
  return cluster.settle(page.ask(name, input))
}

/** The first picture of a feed. */
export function pictured<N extends FeedName>(
  cluster: FakeCluster,
  page: Client,
  name: N,
  input: InputOf<Contract[N]>,
): Promise<ItemOf<Contract[N]>> {
  return cluster.settle(
    new Promise((resolve, reject) => {
      const close = page.feed(name, input, {
        items: ([item]) => {
          close()
          if (item !== undefined) resolve(item)
        },
        failed: (message) => reject(new Error(message)),
      })
    }),
  )
}
