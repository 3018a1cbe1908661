import type { CellSchema } from './messages'

/** A schema that was inferred from messages. */
export interface InferredSchema {
  /** `null`: none of the messages is JSON. */
  readonly text: string | null
  /** Messages that were looked at, the newest of each partition. */
  readonly messages: number
  /** Of those, the ones that are not JSON, or name a schema already. */
  readonly others: number
  /** What is not certain, for a person to decide. */
  readonly notes: readonly InferredNote[]
}

export type InferredNote =
  /** Not in every object that could have it. */
  | { readonly kind: 'optional'; readonly path: string; readonly present: number; readonly of: number }
  | { readonly kind: 'nullable'; readonly path: string; readonly nulls: number; readonly of: number }
  /** Values of several types. */
  | { readonly kind: 'mixed'; readonly path: string; readonly types: readonly string[] }
  /** A list without an item, or nothing but null: the type is a guess. */
  | { readonly kind: 'unknown'; readonly path: string }
  /** Whole numbers beyond 64 bits. */
  | { readonly kind: 'large'; readonly path: string }
  /** Avro does not allow the name of this field. */
  | { readonly kind: 'renamed'; readonly path: string; readonly name: string }

/** Which schemas the messages of a topic name, over time. */
export interface SchemaTimeline {
  /** Messages that were looked at, of those that there are. */
  readonly looked: number
  readonly messages: number
  readonly fromAt: number
  readonly bucketMs: number
  readonly buckets: number
  /** The one that came first is first. */
  readonly lines: readonly TimelineLine[]
}

export interface TimelineLine {
  /** `none`: it names no schema; `unknown`: one that cannot be had. */
  readonly kind: 'schema' | 'unknown' | 'none'
  readonly schema: CellSchema | null
  /** Of an unknown one: its id, or GUID. */
  readonly name: string
  readonly messages: number
  /** By bucket of time. */
  readonly counts: readonly number[]
  readonly first: MessagePlace
  readonly last: MessagePlace
}

export interface MessagePlace {
  readonly partition: number
  readonly offset: number
  /** ms; -1 for none. */
  readonly at: number
}
