import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type Client, connect } from '../../src-main/contract/client'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import type { MessageRow } from '../../src-main/contract/messages'
import { socketWire } from '../../src-main/wires/web-socket'

/** What a page has, without the page: the contract over a WebSocket. The broker must serve the pages. */
export class TestPage {
  readonly ask: Client['ask']
  readonly #client: Client
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.#client = connect(socketWire(socket), (run) => run())
    this.ask = this.#client.ask
  }

  static async open(broker: { readonly ready: { readonly ui: string | null } }): Promise<TestPage> {
    const url = new URL(broker.ready.ui ?? '')
    const socket = new WebSocket(`ws://${url.host}/wire${url.search}`)
    await once(socket, 'open')
    return new TestPage(socket)
  }

  /** The first picture of a feed that fits. */
  picture<N extends FeedName>(
    name: N,
    fits: (item: ItemOf<Contract[N]>) => boolean = () => true,
    input: InputOf<Contract[N]> = undefined as never,
  ): Promise<ItemOf<Contract[N]>> {
    return new Promise((resolve, reject) => {
      const close = this.#client.feed(name, input, {
        items(items) {
          const found = items.find(fits)
          if (found === undefined) return
          setImmediate(() => close())
          resolve(found)
        },
        failed: (message) => reject(new Error(message)),
      })
    })
  }

  /** Every message that a search finds; what is not given is left open. */
  search(input: Partial<InputOf<Contract['messages.search']>>): Promise<readonly MessageRow[]> {
    const all = {
      partitions: null,
      value: null,
      until: null,
      groupId: null,
      limit: 1000,
      committed: false,
      find: '',
      script: '',
      conditions: [],
      follow: null,
      after: null,
      columns: [],
    }
    const rows: MessageRow[] = []
    return new Promise((resolve, reject) => {
      this.#client.feed(
        'messages.search',
        { topics: [], from: 'oldest', ...all, ...input },
        {
          items(items) {
            for (const item of items) if (item.kind === 'rows') rows.push(...item.rows)
          },
          done: () => resolve(rows),
          failed: (message) => reject(new Error(message)),
        },
      )
    })
  }

  close(): void {
    this.#socket.terminate()
  }
}
