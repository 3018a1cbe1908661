/**
 * An exact 64-bit integer from outside: a number where a number is exact, else a bigint. Equal values are always of the same kind, so
 * `===` holds for them, and `<` and `>` compare both kinds exactly.
 */
export type Int64 = number | bigint

/** The value in the one kind that it has. */
export function int64(value: bigint): Int64 {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The sum, wrapped to 64 bits as in Java. */
export function addInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return int64(BigInt.asIntN(64, BigInt(a) + BigInt(b)))
}

/** The difference, wrapped to 64 bits as in Java. */
export function subtractInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return int64(BigInt.asIntN(64, BigInt(a) - BigInt(b)))
}

/** The larger of two. */
export function maxInt64(a: Int64, b: Int64): Int64 {
  return b > a ? b : a
}
