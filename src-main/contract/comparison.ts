import { orNull, record, text } from './check'

/** A side of a comparison: the id of a stored connection; `null`: the broker or cluster that these pages show. */
const side = orNull(text(64))

export const comparisonInput = record({ a: side, b: side })

export type ComparedSide = 'a' | 'b'

/** What is read and compared as one: topics come with their configs. */
export const comparedParts = ['topics', 'groups', 'subjects'] as const
export type ComparedPart = (typeof comparedParts)[number]

/** One value of a topic, a group or a subject, on both sides. */
export interface ComparedRow {
  readonly kind: 'topic' | 'config' | 'group' | 'subject'
  readonly name: string
  /** `partitions`, the name of a config, `offsets of orders`, `version 3` */
  readonly what: string
  /** `null`: this side does not have it. */
  readonly a: string | null
  readonly b: string | null
  readonly verdict: 'onlyA' | 'onlyB' | 'different' | 'same'
  /** `default`: a config that no topic sets itself; `activity`: what changes while clients run. */
  readonly about: 'setup' | 'default' | 'activity'
}

/** What a comparison has found, in the order in which the clusters answer. */
export type ComparisonItem =
  | { readonly type: 'reached'; readonly side: ComparedSide; readonly clusterId: string | null }
  | { readonly type: 'rows'; readonly rows: readonly ComparedRow[] }
  /** All rows of this part are there. */
  | { readonly type: 'done'; readonly part: ComparedPart }
  | {
      /** What one side does not tell. */
      readonly type: 'untold'
      readonly side: ComparedSide
      /** `null`: the side could not be asked at all, and nothing is compared. */
      readonly part: ComparedPart | null
      /** It tells nothing of this part, which is not compared. */
      readonly isAll: boolean
      /** A sentence. */
      readonly why: string
    }
