/** A number whose digits are given as text: a decimal of any length. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * JSON of anything that a decoder gives: bigint as the number that it is, bytes as hex, maps as objects, dates as ISO text, what is not a
 * finite number as text. Depth is bounded: a value that holds itself ends in an error, not in a hang.
 */
export function exactJson(value: unknown, depth = 0): string {
  if (depth > 100) throw new Error('it is nested more than 100 deep')
  switch (typeof value) {
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value))
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'object':
      return value === null ? 'null' : objectJson(value, depth)
    default:
      return 'null'
  }
}

function objectJson(value: object, depth: number): string {
  if (value instanceof ExactNumber) return value.text
  if (value instanceof Uint8Array) {
    return JSON.stringify(`0x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`)
  }
  if (value instanceof Date) return JSON.stringify(Number.isNaN(value.getTime()) ? null : value.toISOString())
  if (Array.isArray(value)) return `[${value.map((item) => exactJson(item, depth + 1)).join(',')}]`
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value)
  const fields = Array.from(entries, ([key, item]) => {
    const name = typeof key === 'string' ? key : exactJson(key, depth + 1)
    return `${JSON.stringify(name)}:${exactJson(item, depth + 1)}`
  })
  return `{${fields.join(',')}}`
}
