/** A form for a value of a schema. What is edited is JSON, as `schema.encode` takes it. */
export interface SchemaForm {
  readonly root: FormType
  /** Types that are used by name: a type may contain itself. */
  readonly types: Readonly<Record<string, FormType>>
}

export type FormType =
  | { readonly kind: 'record'; readonly fields: readonly FormField[] }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  /** A value of a branch with a name stands in an object: `{"string": "x"}`. */
  | { readonly kind: 'union'; readonly branches: readonly FormBranch[] }
  | { readonly kind: 'list'; readonly items: FormType }
  | { readonly kind: 'map'; readonly values: FormType }
  | { readonly kind: 'boolean' | 'null' }
  /** `exact`: text, a number, or a number that is written as text, so that 64 bits survive. */
  | { readonly kind: 'text' | 'number' | 'exact'; readonly hint: string }
  /** Whatever the schema says, there is no form for it. */
  | { readonly kind: 'json' }
  | { readonly kind: 'named'; readonly name: string }

export interface FormField {
  readonly name: string
  readonly doc: string
  /** It may be left out. */
  readonly isOptional: boolean
  /** JSON of its default; `null` when it has none. */
  readonly fallback: string | null
  readonly type: FormType
}

export interface FormBranch {
  readonly label: string
  /** Its name in the JSON; `null`: the value stands there by itself. */
  readonly name: string | null
  readonly type: FormType
}
