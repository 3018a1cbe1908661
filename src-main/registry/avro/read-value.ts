import { type AvroType, branchName, type Primitive } from './schema'

/** How deep values are followed. */
const maxDepth = 200
/** Items of a list of a type without bytes (null, an empty record) that are shown: a count alone could ask for billions. */
const maxEmptyItems = 100_000

/**
 * A value in Avro's binary form as JSON text, exact: longs as numbers of 64 bits, decimals with all digits, times as ISO text, bytes as `0x…`.
 * A branch of a union is named (`{"string":"x"}`) only where its JSON would not tell which one it is.
 *
 * @throws Error that says why the bytes are no such value
 */
export function readAvroValue(type: AvroType, bytes: Uint8Array): string {
  const reader = new Reader(bytes)
  const text = reader.value(type, 0)
  if (reader.left > 0) throw new Error(`${reader.left} bytes are left over`)
  return text
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  value(type: AvroType, depth: number): string {
    if (depth > maxDepth) throw new Error(`it is nested more than ${maxDepth} deep`)
    switch (type.kind) {
      case 'null':
        return 'null'
      case 'boolean':
        return this.#take(1)[0] === 0 ? 'false' : 'true'
      case 'int':
      case 'long':
        return integerText(this.#long(), logicalTypeOf(type))
      case 'float':
        return floatText(Math.fround(this.#take(4).readFloatLE()), true)
      case 'double':
        return floatText(this.#take(8).readDoubleLE(), false)
      case 'bytes':
        return bytesText(this.#sized(), type)
      case 'string':
        return JSON.stringify(this.#sized().toString('utf8'))
      case 'fixed':
        return bytesText(this.#take(type.size), type)
      case 'enum': {
        const symbol = type.symbols[Number(this.#long())]
        if (symbol === undefined) throw new Error('an enum has no such symbol')
        return JSON.stringify(symbol)
      }
      case 'array':
        return `[${this.#blocks(() => this.value(type.items, depth + 1)).join(',')}]`
      case 'map': {
        const entry = () => `${JSON.stringify(this.#sized().toString('utf8'))}:${this.value(type.values, depth + 1)}`
        return `{${this.#blocks(entry).join(',')}}`
      }
      case 'union': {
        const branch = type.branches[Number(this.#long())]
        if (branch === undefined) throw new Error('a union has no such branch')
        const text = this.value(branch, depth + 1)
        return isTold(type.branches, branch) ? text : `{${JSON.stringify(branchName(branch))}:${text}}`
      }
      case 'record': {
        const fields = type.fields.map((field) => `${JSON.stringify(field.name)}:${this.value(field.type, depth + 1)}`)
        return `{${fields.join(',')}}`
      }
    }
  }

  #blocks(item: () => string): string[] {
    const items: string[] = []
    for (let count = this.#long(); count !== 0n; count = this.#long()) {
      // A negative count is followed by the size of the block.
      if (count < 0n) this.#long()
      const wanted = Number(count < 0n ? -count : count)
      for (let i = 0; i < wanted; i++) {
        const before = this.#at
        items.push(item())
        if (this.#at === before && items.length > maxEmptyItems) throw new Error('a list has too many empty items')
      }
    }
    return items
  }

  #sized(): Buffer {
    const size = this.#long()
    if (size < 0n || size > BigInt(this.left)) throw new Error(`${size} bytes are announced, ${this.left} are left`)
    return this.#take(Number(size))
  }

  #take(size: number): Buffer {
    if (size > this.left) throw new Error(`it ends after ${this.#bytes.length} bytes, in the middle of a value`)
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  #long(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw new Error('a number is longer than 10 bytes')
  }
}

/** Kinds of JSON that values of a type have. */
type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

const kindOfPrimitive: Readonly<Record<Primitive, JsonKind>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'string',
  string: 'string',
}

export function jsonKindOf(type: AvroType): JsonKind {
  switch (type.kind) {
    case 'array':
      return 'array'
    case 'map':
    case 'record':
      return 'object'
    case 'enum':
      return 'string'
    case 'fixed':
      return logicalTypeOf(type)?.name === 'decimal' ? 'number' : 'string'
    case 'union':
      return 'object'
    case 'bytes':
      return logicalTypeOf(type)?.name === 'decimal' ? 'number' : 'string'
    default: {
      const logical = logicalTypeOf(type)
      return logical && isTime(logical.name) ? 'string' : kindOfPrimitive[type.kind]
    }
  }
}

/** Whether the JSON of a branch's values is of no other branch of the union. */
export function isTold(branches: readonly AvroType[], branch: AvroType): boolean {
  const kind = jsonKindOf(branch)
  return branches.every((other) => other === branch || jsonKindOf(other) !== kind)
}

export interface LogicalType {
  readonly name: string
  /** Of a decimal. */
  readonly scale: number
}

/** The logical type of a type; undefined when it has none, or one that does not fit. */
export function logicalTypeOf(type: AvroType): LogicalType | undefined {
  if (type.kind === 'union') return undefined
  const name = type.properties.get('logicalType')
  if (typeof name !== 'string') return undefined
  const fitting: Readonly<Record<string, readonly AvroType['kind'][]>> = {
    decimal: ['bytes', 'fixed'],
    uuid: ['string', 'fixed'],
    date: ['int'],
    'time-millis': ['int'],
    'time-micros': ['long'],
    'timestamp-millis': ['long'],
    'timestamp-micros': ['long'],
    'timestamp-nanos': ['long'],
    'local-timestamp-millis': ['long'],
    'local-timestamp-micros': ['long'],
    'local-timestamp-nanos': ['long'],
    duration: ['fixed'],
  }
  if (!fitting[name]?.includes(type.kind)) return undefined
  const number = (key: string) => {
    const value = type.properties.get(key)
    return typeof value === 'object' && value !== null && 'text' in value ? Number(value.text) : 0
  }
  const [precision, scale] = [number('precision'), number('scale')]
  // Java drops a decimal that is none.
  if (name === 'decimal' && (precision < 1 || scale < 0 || scale > precision)) return undefined
  return { name, scale }
}

export function isTime(name: string): boolean {
  return name === 'date' || name.startsWith('time-') || name.includes('timestamp-')
}

/** Units of a second in a logical type. */
export function unitsPerSecond(name: string): bigint {
  return name.endsWith('nanos') ? 1_000_000_000n : name.endsWith('micros') ? 1_000_000n : 1000n
}

function integerText(value: bigint, logical: LogicalType | undefined): string {
  if (!logical || !isTime(logical.name)) return String(value)
  const text = timeText(value, logical.name)
  return text === undefined ? String(value) : JSON.stringify(text)
}

/** ISO text of a date, a time or a timestamp with all its digits; undefined outside the years that ISO text has. */
function timeText(value: bigint, name: string): string | undefined {
  if (name === 'date') return isoOf(value * 86_400_000n)?.slice(0, 10)
  const perSecond = unitsPerSecond(name)
  const second = value >= 0n ? value / perSecond : -((-value + perSecond - 1n) / perSecond)
  const rest = value - second * perSecond
  const digits = String(rest).padStart(String(perSecond).length - 1, '0')
  const iso = isoOf(second * 1000n)
  if (iso === undefined) return undefined
  if (name.startsWith('time-')) return `${iso.slice(11, 19)}.${digits}`
  return `${iso.slice(0, 19)}.${digits}${name.startsWith('local-') ? '' : 'Z'}`
}

function isoOf(ms: bigint): string | undefined {
  const limit = 8_640_000_000_000_000n
  if (ms > limit || ms < -limit) return undefined
  const text = new Date(Number(ms)).toISOString()
  return text.length === 24 ? text : undefined
}

/** The shortest decimal that is this float; what is no number is text. */
function floatText(value: number, isSingle: boolean): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value))
  if (!isSingle) return JSON.stringify(value)
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return JSON.stringify(short)
  }
  return JSON.stringify(value)
}

function bytesText(bytes: Buffer, type: AvroType): string {
  const logical = logicalTypeOf(type)
  const hex = bytes.toString('hex')
  switch (logical?.name) {
    case 'decimal':
      return decimalText(bytes, logical.scale)
    case 'uuid':
      return JSON.stringify(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
    case 'duration':
      if (bytes.length !== 12) return JSON.stringify(`0x${hex}`)
      return JSON.stringify(`P${bytes.readUInt32LE(0)}M${bytes.readUInt32LE(4)}DT${bytes.readUInt32LE(8) / 1000}S`)
    default:
      return JSON.stringify(`0x${hex}`)
  }
}

/** Two's complement, big-endian. */
function decimalText(bytes: Buffer, scale: number): string {
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const sign = unscaled < 0n ? '-' : ''
  if (scale === 0) return `${sign}${digits}`
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
