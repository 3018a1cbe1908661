import fc from 'fast-check'

type Json = string | object

const names = ['A', 'B', 'C']
const fieldNames = ['a', 'b', 'c', 'd']
const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string')

/** Defaults of which some fit: a schema that is refused is a case too. */
const fallback = fc.constantFrom<unknown>(0, 1.5, '', 'A', null, true, {}, [], 3_000_000_000, '\u00ff')

/** Avro schemas, most of them valid: records within records, recursion, unions, enums, fixed types, aliases, defaults. */
const types = fc.letrec<{ type: Json; named: Json; field: object }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: primitive },
    { weight: 1, arbitrary: fc.constantFrom(...names, 'n.A') },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('array'), items: tie('type') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('map'), values: tie('type') }) },
    { weight: 2, arbitrary: fc.uniqueArray(tie('type'), { maxLength: 3, selector: (one) => JSON.stringify(one) }) },
    { weight: 3, arbitrary: tie('named') },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom('int', 'bytes', 'string'),
        logicalType: fc.constant('date'),
        'x y': fallback,
      }),
    },
  ),
  named: fc.oneof(
    fc.record(
      {
        type: fc.constant('record'),
        name: fc.constantFrom(...names, 'n.A', 'm.B'),
        namespace: fc.constantFrom('n', 'm', ''),
        doc: fc.string({ maxLength: 5 }),
        aliases: fc.uniqueArray(fc.constantFrom('A', 'B', 'n.C'), { maxLength: 2 }),
        fields: fc.uniqueArray(tie('field') as fc.Arbitrary<{ name: string }>, {
          maxLength: 3,
          selector: ({ name }) => name,
        }),
      },
      { requiredKeys: ['type', 'name', 'fields'] },
    ),
    fc.record(
      {
        type: fc.constant('enum'),
        name: fc.constantFrom(...names),
        namespace: fc.constantFrom('n', 'm'),
        symbols: fc.uniqueArray(fc.constantFrom('X', 'Y', 'Z'), { maxLength: 3 }),
        default: fc.constantFrom('X', 'Y'),
      },
      { requiredKeys: ['type', 'name', 'symbols'] },
    ),
    fc.record(
      {
        type: fc.constant('fixed'),
        name: fc.constantFrom(...names),
        size: fc.integer({ min: 0, max: 3 }),
        namespace: fc.constant('n'),
      },
      { requiredKeys: ['type', 'name', 'size'] },
    ),
  ),
  field: fc.record(
    {
      name: fc.constantFrom(...fieldNames),
      type: tie('type'),
      default: fallback,
      doc: fc.constant('d'),
      order: fc.constantFrom('ascending', 'descending', 'ignore'),
      aliases: fc.uniqueArray(fc.constantFrom(...fieldNames), { maxLength: 2 }),
      extra: fallback,
    },
    { requiredKeys: ['name', 'type'] },
  ),
}))

export const avroSchema = types.type

/** Two schemas of which the second is often the first with one thing changed: such pairs are compatible by a hair, or not. */
export const avroPair: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(avroSchema, avroSchema, fc.constantFrom(...changes()))
  .map(([a, b, change]) => {
    const text = JSON.stringify(a)
    return change ? [text, change(text)] : [text, JSON.stringify(b)]
  })

function changes(): readonly (((text: string) => string) | undefined)[] {
  const swap = (from: string, to: string) => (text: string) => text.replace(from, to)
  return [
    undefined,
    (text) => text,
    swap('"int"', '"long"'),
    swap('"long"', '"int"'),
    swap('"string"', '"bytes"'),
    swap('"name":"a"', '"name":"d"'),
    swap('"name":"A"', '"name":"B"'),
    swap('["X"', '["Z","X"'),
    swap('"size":1', '"size":2'),
    swap('"default":', '"other":'),
    swap('["null"', '["boolean","null"'),
    swap('"n"', '"m"'),
  ]
}
