import type { LogTime } from '../../contract/reset'
import type { RegistryAccess } from '../chosen-registry/access'
import type { CountRange, ScanPlan, ScanRange, ScanReply } from '../source/records'

/** To the reader thread. */
export type ReaderRequest =
  | { readonly kind: 'scan'; readonly id: number; readonly plan: ScanPlan }
  /** The logs of a live scan have grown: `ends` by `topic:partition`. */
  | { readonly kind: 'grown'; readonly id: number; readonly ends: Readonly<Record<string, number>> }
  | { readonly kind: 'add'; readonly id: number; readonly ranges: readonly ScanRange[] }
  /** The page has taken a reply with rows or text. */
  | { readonly kind: 'taken'; readonly id: number }
  /** The page asks for what lies behind the limit of a scan that waits. */
  | { readonly kind: 'more'; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number }
  /** The times of `steps` + 1 records of a partition, evenly spaced from its first to its last. */
  | {
      readonly kind: 'times'
      readonly id: number
      readonly topic: string
      readonly partition: number
      readonly steps: number
    }
  /** The registry that keys and values are decoded with from now on; `null`: that of the workspace. It has no answer. */
  | { readonly kind: 'registry'; readonly id: number; readonly registry: RegistryAccess | null }
  | { readonly kind: 'counts'; readonly id: number; readonly ranges: readonly CountRange[] }

/** From the thread. */
export type ReaderReply = { readonly id: number } & (
  | ScanReply
  | { readonly kind: 'times'; readonly times: readonly LogTime[] }
  | { readonly kind: 'counts'; readonly counts: readonly number[] }
)
