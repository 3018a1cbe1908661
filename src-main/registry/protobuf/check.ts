import { SchemaError } from '../schema'
import type { ProtoFile, ProtoMessage } from './file'
import { enumsOf, isWellKnown, messagesOf, type Names, namedTypes } from './names'

const largestNumber = 536_870_911

/** What protoc would refuse. @throws SchemaError */
export function checkProto(file: ProtoFile, names: Names, imported: ReadonlySet<string>): void {
  const missing = file.imports.find(({ path }) => !imported.has(path) && !isWellKnown(path))
  if (missing) throw new SchemaError(`The imported file "${missing.path}" has no reference`)
  const full = new Set<string>()
  for (const [name, message] of messagesOf(file)) {
    if (full.has(name)) throw new SchemaError(`"${name}" is defined twice`)
    full.add(name)
    checkMessage(message, name, names)
  }
  for (const { name, values } of enumsOf(file.types)) {
    if (values.length === 0) throw new SchemaError(`The enum ${name} has no values`)
    if (file.syntax === 'proto3' && values[0]?.number !== 0) {
      throw new SchemaError(`The first value of the enum ${name} must be 0 in proto3`)
    }
  }
  const hasRequired = [...messagesOf(file)].find(([, { fields }]) => fields.some(({ label }) => label === 'required'))
  if (hasRequired && file.syntax === 'proto3') {
    throw new SchemaError(`Required fields are not allowed in proto3: ${hasRequired[0]}`)
  }
}

function checkMessage(message: ProtoMessage, fullName: string, names: Names): void {
  const numbers = new Map<number, string>()
  const fieldNames = new Set<string>()
  const reserved = reservedOf(message)
  for (const field of message.fields) {
    const { name, number } = field
    if (number < 1 || number > largestNumber || (number >= 19_000 && number <= 19_999)) {
      throw new SchemaError(`${fullName}.${name} has the number ${number}, which is out of range`)
    }
    const other = numbers.get(number)
    if (other !== undefined)
      throw new SchemaError(`multiple fields share tag ${number}: ${fullName}.${other}, ${fullName}.${name}`)
    if (fieldNames.has(name)) throw new SchemaError(`"${fullName}.${name}" is defined twice`)
    if (reserved.names.has(name)) throw new SchemaError(`${fullName}.${name} uses a reserved name`)
    if (isWithin(number, reserved.ranges)) {
      throw new SchemaError(`${fullName}.${name} uses the reserved number ${number}`)
    }
    numbers.set(number, name)
    fieldNames.add(name)
    for (const type of namedTypes(field)) {
      const plain = type.replace(/^\./, '')
      if (names.resolve(type, fullName) || /^(?:google|confluent|buf)\./.test(plain)) continue
      // google/protobuf may be imported by a file of the same package: then its types have no prefix.
      if (/^(?:protobuf\.)?[A-Z]\w*$/.test(plain) && fullName.startsWith('google.')) continue
      throw new SchemaError(`"${type}" of ${fullName}.${name} is not defined`)
    }
  }
}

function reservedOf({ reserved }: ProtoMessage) {
  const names = new Set(reserved.filter((text) => text.startsWith('"')).map((text) => text.slice(1, -1)))
  const ranges = reserved.flatMap((text) => {
    const match = /^(\d+)(?: to (\d+|max))?$/.exec(text)
    if (!match) return []
    const to = match[2] === undefined ? match[1] : match[2]
    return [[Number(match[1]), to === 'max' ? largestNumber : Number(to)] as const]
  })
  ranges.sort(([a], [b]) => a - b)
  let last = 0
  const merged = ranges.map(([from, to]) => {
    last = Math.max(last, to)
    return [from, last] as const
  })
  return { names, ranges: merged }
}

/** Whether a number is in one of the ranges: they are in order, and each ends no earlier than the one before. */
function isWithin(number: number, ranges: readonly (readonly [from: number, to: number])[]): boolean {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]![0] <= number) low = middle + 1
    else high = middle
  }
  const range = ranges[low - 1]
  return range !== undefined && number <= range[1]
}
