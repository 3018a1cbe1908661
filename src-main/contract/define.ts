import type { Check } from './check'

/** One question with one answer. */
export interface Ask<In, Out> {
  readonly verb: 'ask'
  readonly check: Check<In>
  /** Never set: carries the answer's type. */
  readonly answers?: Out
}

/** A question whose answer changes the cluster: it is refused while the cluster is read-only. */
export interface Change<In, Out> extends Ask<In, Out> {
  readonly changes: true
}

/** A snapshot, then changes, until closed. With `latest` only the newest item counts: older ones are dropped when the page is slow. */
export interface Feed<In, Item> {
  readonly verb: 'feed'
  readonly check: Check<In>
  readonly latest: boolean
  readonly gives?: Item
}

export function ask<Out>() {
  return <In>(check: Check<In>): Ask<In, Out> => ({ verb: 'ask', check })
}

export function change<Out>() {
  return <In>(check: Check<In>): Change<In, Out> => ({ verb: 'ask', changes: true, check })
}

/** Each item is a whole picture. */
export function picture<Item>() {
  return <In>(check: Check<In>): Feed<In, Item> => ({ verb: 'feed', check, latest: true })
}

/** Each item counts. */
export function stream<Item>() {
  return <In>(check: Check<In>): Feed<In, Item> => ({ verb: 'feed', check, latest: false })
}

export type InputOf<E> = E extends Ask<infer In, unknown> ? In : E extends Feed<infer In, unknown> ? In : never
export type AnswerOf<E> = E extends Ask<never, infer Out> | Ask<infer _, infer Out> ? Out : never
export type ItemOf<E> = E extends Feed<infer _, infer Item> ? Item : never
