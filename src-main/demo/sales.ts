/** What was sold of an item. */
export interface Sales {
  readonly orders: number
  readonly pieces: number
  readonly revenue: number
}

export interface ItemOrder {
  readonly item: string
  readonly quantity: number
  readonly price: number
}

type Value = Uint8Array | null

/** An order of the shop; undefined for a record that somebody else wrote. */
export function readOrder(value: Value): ItemOrder | undefined {
  const { item, quantity, price } = fieldsOf(value)
  if (typeof item !== 'string' || typeof quantity !== 'number' || typeof price !== 'number') return undefined
  return { item, quantity, price }
}

/** A record of the changelog. */
export function readSales(value: Value): (Sales & { readonly item: string }) | undefined {
  const { item, orders, pieces, revenue } = fieldsOf(value)
  if (typeof item !== 'string' || typeof orders !== 'number') return undefined
  if (typeof pieces !== 'number' || typeof revenue !== 'number') return undefined
  return { item, orders, pieces, revenue }
}

function fieldsOf(value: Value): Readonly<Record<string, unknown>> {
  if (value === null) return {}
  try {
    const fields: unknown = JSON.parse(Buffer.from(value).toString())
    return typeof fields === 'object' && fields !== null ? { ...fields } : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
