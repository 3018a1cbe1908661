import { isScalar, type ProtoEnum, type ProtoField, type ProtoFile, type ProtoMessage, type ProtoType } from './file'

/** A message or an enum, and where it is defined. */
export interface Definition {
  /** Without a leading dot: `shop.Order.Item`. */
  readonly fullName: string
  readonly type: ProtoType
  readonly file: ProtoFile
}

/** Files that every registry and every Protobuf compiler brings. */
export function isWellKnown(path: string): boolean {
  return /^(?:google\/(?:protobuf|type|api|rpc)\/|confluent\/|buf\/validate\/)[\w/]+\.proto$/.test(path)
}

/** Types by name, of one file and of those that it imports. */
export class Names {
  readonly #byName = new Map<string, Definition>()

  constructor(files: readonly ProtoFile[]) {
    for (const file of files) for (const type of file.types) this.#add(type, file.package, file)
  }

  get(fullName: string): Definition | undefined {
    return this.#byName.get(fullName)
  }

  all(): Definition[] {
    return [...this.#byName.values()]
  }

  /** What a type name means in a scope (`shop.Order`): the innermost scope wins, as in C++. */
  resolve(type: string, scope: string): Definition | undefined {
    if (type.startsWith('.')) return this.#byName.get(type.slice(1))
    for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
      const found = this.#byName.get(around === '' ? type : `${around}.${type}`)
      if (found) return found
      if (around === '') return undefined
    }
  }

  #add(type: ProtoType, scope: string, file: ProtoFile): void {
    const fullName = scope === '' ? type.name : `${scope}.${type.name}`
    if (!this.#byName.has(fullName)) this.#byName.set(fullName, { fullName, type, file })
    if (type.kind === 'message') for (const inner of type.types) this.#add(inner, fullName, file)
  }
}

/** Every message of a file with its full name, outer ones first. */
export function* messagesOf(file: ProtoFile): Generator<readonly [fullName: string, message: ProtoMessage]> {
  function* walk(types: readonly ProtoType[], scope: string): Generator<readonly [string, ProtoMessage]> {
    for (const type of types) {
      if (type.kind !== 'message') continue
      const fullName = scope === '' ? type.name : `${scope}.${type.name}`
      yield [fullName, type]
      yield* walk(type.types, fullName)
    }
  }
  yield* walk(file.types, file.package)
}

/** Every enum of a file. */
export function enumsOf(types: readonly ProtoType[]): ProtoEnum[] {
  return types.flatMap((type) => (type.kind === 'enum' ? [type] : enumsOf(type.types)))
}

/** Types that a field names: of a map those of keys and values. */
export function namedTypes({ type, mapKey }: ProtoField): string[] {
  return [type, ...(mapKey === null ? [] : [mapKey])].filter((name) => !isScalar(name))
}
