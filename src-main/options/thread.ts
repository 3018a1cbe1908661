import type { MessagePort } from 'node:worker_threads'
import type { ServeOptions } from './serve'

/** What the desktop app hands to its broker thread at the start, as `workerData`. */
export interface ThreadData {
  readonly options: ServeOptions
}

/** What the window's side says to the broker thread. */
export type ToThread =
  /** A page opened: the contract is spoken over this port until it closes. */
  | { readonly type: 'page'; readonly port: MessagePort }
  /** Write a copy of the workspace to `path`; answered by `copied`. */
  | { readonly type: 'saveCopy'; readonly path: string }
  /** An answer of the process that keeps the connections, or the news that they changed. */
  | { readonly type: 'fromKeeper'; readonly news: unknown }
  /** Close everything; answered by `stopped`. */
  | { readonly type: 'stop' }

/** What the broker thread says. One of `ready` and `failed` comes once, at the start. */
export type FromThread =
  | { readonly type: 'ready'; readonly kafka: readonly string[]; readonly file: string | null }
  | { readonly type: 'failed'; readonly failure: StartFailure }
  | { readonly type: 'copied'; readonly path: string; readonly error: string | null }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'lag'; readonly messages: number }
  /** A question to the process that keeps the connections. */
  | { readonly type: 'toKeeper'; readonly call: unknown }
  | { readonly type: 'stopped' }

/** Why a broker could not start. */
export interface StartFailure {
  /** One sentence for the user. */
  readonly message: string
  /** The port that another program uses, when that is the reason. */
  readonly takenPort: number | null
  /** The id of the cluster that answers, when it is not the one of the first connect. */
  readonly otherCluster: string | null
  /** Another attempt may succeed: a cluster did not answer. */
  readonly mayPass: boolean
}

/** Something that is worth a notification of the system while nobody looks. */
export interface Notice {
  readonly kind: 'error' | 'rebalanceStorm' | 'alert' | 'alertOver' | 'crash'
  readonly title: string
  readonly text: string
  /** View to open, e.g. `/rebalances/orders`; null: whatever is open. */
  readonly view: string | null
}
