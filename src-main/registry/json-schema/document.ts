import { isArray, isObject, type Json, type JsonObject } from '../json'
import { SchemaError } from '../schema'

/** A JSON Schema with those that it refers to by URL. */
export class JsonSchemaDocument {
  readonly root: Json
  readonly #others: ReadonlyMap<string, JsonSchemaDocument>
  /** Schemas by their `$id` and `$anchor`. */
  readonly #byId = new Map<string, Json>()
  readonly base: string

  /** @param others by the URL that `$ref` names them with */
  constructor(root: Json, others: ReadonlyMap<string, JsonSchemaDocument>) {
    this.root = root
    this.#others = others
    this.base = isObject(root) ? idOf(root) : ''
    this.#index(root, this.base, 0)
  }

  /** 4, 6, 7, 2019 or 2020; 7 when the schema does not say. */
  get draft(): number {
    const declared = isObject(this.root) ? this.root.get('$schema') : undefined
    const match = typeof declared === 'string' ? /draft(?:-0?|\/)(\d+)/.exec(declared) : null
    return match ? Number(match[1]) : 7
  }

  /** What a `$ref` in `document` leads to. @throws SchemaError when it leads nowhere */
  resolve(reference: string): { readonly schema: Json; readonly document: JsonSchemaDocument } {
    const hash = reference.indexOf('#')
    const url = hash < 0 ? reference : reference.slice(0, hash)
    const fragment = hash < 0 ? '' : decoded(reference.slice(hash + 1))
    const local = url === '' ? this.root : (this.#byId.get(against(this.base, url)) ?? this.#byId.get(url))
    if (local !== undefined) return { schema: this.#within(local, fragment, reference), document: this }
    const other = this.#others.get(url) ?? this.#others.get(against(this.base, url)) ?? this.#byOwnId(url)
    if (other) return { schema: other.#within(other.root, fragment, reference), document: other }
    if (/^https?:\/\/json-schema\.org\//.test(url)) return { schema: true, document: this }
    throw new SchemaError(`The reference ${reference} leads nowhere`)
  }

  #byOwnId(url: string): JsonSchemaDocument | undefined {
    const absolute = against(this.base, url)
    return [...this.#others.values()].find(({ base }) => base !== '' && (base === url || base === absolute))
  }

  #within(schema: Json, fragment: string, reference: string): Json {
    if (fragment === '') return schema
    if (!fragment.startsWith('/')) {
      const anchored = this.#byId.get(`${this.base}#${fragment}`)
      if (anchored !== undefined) return anchored
      throw new SchemaError(`The reference ${reference} leads nowhere`)
    }
    let at: Json | undefined = schema
    for (const part of fragment.slice(1).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      at = isObject(at) ? at.get(key) : isArray(at) && /^\d+$/.test(key) ? at[Number(key)] : undefined
      if (at === undefined) throw new SchemaError(`The reference ${reference} leads nowhere`)
    }
    return at
  }

  #index(json: Json, base: string, depth: number): void {
    if (isArray(json)) for (const item of json) this.#index(item, base, depth + 1)
    if (!isObject(json)) return
    const id = idOf(json)
    const own = id === '' || depth === 0 ? base : against(base, id)
    if (id !== '') {
      this.#byId.set(own, json)
      this.#byId.set(id, json)
    }
    const anchor = json.get('$anchor')
    if (typeof anchor === 'string') this.#byId.set(`${this.base}#${anchor}`, json)
    for (const [key, item] of json)
      if (key !== 'enum' && key !== 'const' && key !== 'default') this.#index(item, own, depth + 1)
  }
}

function idOf(json: JsonObject): string {
  const id = json.get('$id') ?? json.get('id')
  return typeof id === 'string' ? id.replace(/#$/, '') : ''
}

const scheme = /^[A-Za-z][\w+.-]*:/

function against(base: string, url: string): string {
  // An error for each of thousands of relative names would take long.
  if (!scheme.test(url) && !scheme.test(base)) return url
  try {
    return new URL(url, base === '' ? undefined : base).href
  } catch {
    // Neither is absolute: the URL names itself.
    return url
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    // A stray percent sign stands for itself.
    return fragment
  }
}
