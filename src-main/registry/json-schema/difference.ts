import type { Difference } from '../kind'
import type { Located, Shape } from './shape'

export function difference(type: string, path: string, description: string): Difference {
  return { type, path, description: `${description} at path '${path}'`, detail: '' }
}

/** What the comparisons of objects and arrays need of the whole. */
export interface Comparing {
  readonly isLenient: boolean
  /** Counts a step of work; false when too many were made. */
  goesOn(): boolean
  /** undefined: there is none. */
  compare(original: Located | undefined, update: Located | undefined, path: string): Difference[]
}

/** A schema of one kind of value, with the document that its references are resolved in. */
export type ValueShape = Extract<Shape, { readonly json: unknown }>
