import { isArray, isObject, type Json, JsonNumber } from '../json'
import { isTime, isTold, jsonKindOf, type LogicalType, logicalTypeOf, unitsPerSecond } from './read-value'
import { type AvroType, type AvroUnion, branchName } from './schema'

/** A value does not fit its schema: `message` says where and why. */
export class ValueError extends Error {
  override name = 'ValueError'
}

/**
 * A value of JSON in Avro's binary form. It takes what `readAvroValue` gives, and Avro's own JSON encoding (branches of unions
 * named, bytes as text of one character each).
 *
 * @throws ValueError
 */
export function writeAvroValue(type: AvroType, value: Json): Buffer {
  const chunks: Buffer[] = []
  write(type, value, '', chunks)
  return Buffer.concat(chunks)
}

function write(type: AvroType, value: Json | undefined, path: string, to: Buffer[]): void {
  const wrong = (what: string) => new ValueError(`${path === '' ? 'The value' : path} must be ${what}`)
  switch (type.kind) {
    case 'null':
      if (value !== null) throw wrong('null')
      return
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('true or false')
      to.push(Buffer.from([value ? 1 : 0]))
      return
    case 'int':
    case 'long':
      to.push(long(integerOf(type, value, wrong)))
      return
    case 'float':
    case 'double':
      to.push(floating(type.kind, value, wrong))
      return
    case 'string':
      if (typeof value !== 'string') throw wrong('text')
      to.push(...sized(Buffer.from(value, 'utf8')))
      return
    case 'bytes':
      to.push(...sized(bytesOf(type, value, wrong)))
      return
    case 'fixed':
      to.push(fixedOf(type, type.size, value, wrong))
      return
    case 'enum': {
      const at = typeof value === 'string' ? type.symbols.indexOf(value) : -1
      if (at < 0) throw wrong(`one of ${type.symbols.join(', ')}`)
      to.push(long(BigInt(at)))
      return
    }
    case 'array':
      if (!isArray(value)) throw wrong('a list')
      if (value.length > 0) to.push(long(BigInt(value.length)))
      for (const [i, item] of value.entries()) write(type.items, item, `${path}[${i}]`, to)
      to.push(long(0n))
      return
    case 'map':
      if (!isObject(value)) throw wrong('an object')
      if (value.size > 0) to.push(long(BigInt(value.size)))
      for (const [key, item] of value) {
        to.push(...sized(Buffer.from(key, 'utf8')))
        write(type.values, item, inner(path, key), to)
      }
      to.push(long(0n))
      return
    case 'union':
      writeUnion(type, value, path, to)
      return
    case 'record': {
      if (!isObject(value)) throw wrong('an object')
      const unknown = [...value.keys()].find((key) => !type.fields.some(({ name }) => name === key))
      if (unknown !== undefined) throw new ValueError(`${inner(path, unknown)} is no field of ${type.name.simple}`)
      for (const field of type.fields) {
        const given = value.has(field.name) ? value.get(field.name) : field.default
        if (given === undefined) throw new ValueError(`${inner(path, field.name)} is missing`)
        write(field.type, given, inner(path, field.name), to)
      }
    }
  }
}

/** The branch that the value names, else the first that it fits. */
function writeUnion(union: AvroUnion, value: Json | undefined, path: string, to: Buffer[]): void {
  const named = isObject(value) && value.size === 1 ? [...value.keys()][0] : undefined
  const candidates = union.branches.filter((branch) => fits(branch, value))
  const at = union.branches.findIndex((branch) => branchName(branch) === named)
  const branch = union.branches[at]
  if (branch && isObject(value) && (candidates.length === 0 || !isTold(union.branches, branch))) {
    to.push(long(BigInt(at)))
    write(branch, value.get(named ?? ''), path, to)
    return
  }
  let problem: unknown
  for (const candidate of candidates) {
    const chunks: Buffer[] = [long(BigInt(union.branches.indexOf(candidate)))]
    try {
      write(candidate, value, path, chunks)
      to.push(...chunks)
      return
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      problem ??= error
    }
  }
  if (branch && isObject(value)) {
    to.push(long(BigInt(at)))
    write(branch, value.get(named ?? ''), path, to)
    return
  }
  if (problem instanceof ValueError) throw problem
  throw new ValueError(
    `${path === '' ? 'The value' : path} must be one of ${union.branches.map(branchName).join(', ')}`,
  )
}

function fits(branch: AvroType, value: Json | undefined): boolean {
  const kind = jsonKindOf(branch)
  if (value === null) return branch.kind === 'null'
  if (typeof value === 'boolean') return kind === 'boolean'
  if (value instanceof JsonNumber) return kind === 'number' || logicalTypeOf(branch) !== undefined
  if (typeof value === 'string') return kind === 'string' || kind === 'number'
  return isArray(value) ? kind === 'array' : kind === 'object'
}

type Wrong = (what: string) => ValueError

function integerOf(type: AvroType, value: Json | undefined, wrong: Wrong): bigint {
  const logical = logicalTypeOf(type)
  const time = typeof value === 'string' && logical && isTime(logical.name) ? timeOf(value, logical) : undefined
  if (time !== undefined) return time
  const bits = type.kind === 'int' ? 31n : 63n
  const number =
    value instanceof JsonNumber && /^-?\d+(?:\.0+)?$/.test(value.text) ? BigInt(value.text.split('.')[0]!) : undefined
  const what = logical && isTime(logical.name) ? 'ISO text or a whole number' : 'a whole number'
  if (number === undefined || number >= 1n << bits || number < -(1n << bits)) {
    throw wrong(`${what} of ${bits + 1n} bits`)
  }
  return number
}

/** ISO text as a count of its units; undefined when it is none. */
function timeOf(text: string, { name }: LogicalType): bigint | undefined {
  const match = /^(?:(\d{4}-\d\d-\d\d))?(?:T?(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (!match || text === '') return undefined
  const [, date = '1970-01-01', clock = '00:00', fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`)
  if (Number.isNaN(ms)) return undefined
  if (name === 'date') return BigInt(Math.floor(ms / 86_400_000))
  const perSecond = unitsPerSecond(name)
  const digits = fraction.padEnd(9, '0')
  return BigInt(Math.floor(ms / 1000)) * perSecond + BigInt(digits) / (1_000_000_000n / perSecond)
}

function floating(kind: 'float' | 'double', value: Json | undefined, wrong: Wrong): Buffer {
  const isWord = value === 'NaN' || value === 'Infinity' || value === '-Infinity'
  if (!(value instanceof JsonNumber) && !isWord) throw wrong('a number')
  const number = Number(value instanceof JsonNumber ? value.text : value)
  const bytes = Buffer.alloc(kind === 'float' ? 4 : 8)
  if (kind === 'float') bytes.writeFloatLE(number)
  else bytes.writeDoubleLE(number)
  return bytes
}

function bytesOf(type: AvroType, value: Json | undefined, wrong: Wrong): Buffer {
  const logical = logicalTypeOf(type)
  if (logical?.name === 'decimal' && (value instanceof JsonNumber || typeof value === 'string')) {
    const decimal = decimalOf(value instanceof JsonNumber ? value.text : value, logical.scale)
    if (decimal) return decimal
  }
  if (typeof value !== 'string') throw wrong(logical?.name === 'decimal' ? 'a decimal number' : 'text of bytes')
  if (/^0x(?:[\da-f]{2})*$/i.test(value)) return Buffer.from(value.slice(2), 'hex')
  if ([...value].some((sign) => sign.charCodeAt(0) > 0xff))
    throw wrong('0x and hexadecimal digits, or one character per byte')
  return Buffer.from(value, 'latin1')
}

function fixedOf(type: AvroType, size: number, value: Json | undefined, wrong: Wrong): Buffer {
  const name = logicalTypeOf(type)?.name
  if (name === 'uuid' && typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) {
    return Buffer.from(value.replaceAll('-', ''), 'hex')
  }
  const duration =
    typeof value === 'string' && name === 'duration' ? /^P(\d+)M(\d+)DT(\d+(?:\.\d{1,3})?)S$/.exec(value) : null
  if (duration) {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt32LE(Number(duration[1]), 0)
    bytes.writeUInt32LE(Number(duration[2]), 4)
    bytes.writeUInt32LE(Math.round(Number(duration[3]) * 1000), 8)
    return bytes
  }
  const given = bytesOf(type, value, wrong)
  if (name === 'decimal' && given.length < size) {
    return Buffer.concat([Buffer.alloc(size - given.length, (given[0] ?? 0) >= 0x80 ? 0xff : 0), given])
  }
  if (given.length !== size) throw wrong(`${size} bytes, not ${given.length}`)
  return given
}

/** Two's complement of the unscaled number, as short as it can be; undefined for what has more digits than the scale. */
function decimalOf(text: string, scale: number): Buffer | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)
  const fraction = (match?.[3] ?? '').replace(/0+$/, '')
  if (!match || fraction.length > scale) return undefined
  const unscaled = BigInt(`${match[1]}${match[2]}${fraction.padEnd(scale, '0')}`)
  let size = 1
  while (unscaled >= 1n << BigInt(size * 8 - 1) || unscaled < -(1n << BigInt(size * 8 - 1))) size++
  return Buffer.from(
    BigInt.asUintN(size * 8, unscaled)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  )
}

function sized(bytes: Buffer): Buffer[] {
  return [long(BigInt(bytes.length)), bytes]
}

function long(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

function inner(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
