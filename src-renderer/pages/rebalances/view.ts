import { type CauseKind, causeKinds } from './causes'

/** State of the timeline in a link. */
export interface View {
  /** The right edge; `null` is now. */
  readonly endAt: number | null
  readonly spanMs: number
  readonly selected: number | null
  readonly kinds: ReadonlySet<CauseKind>
  readonly find: string
}

export const usualSpanMs = 30_000
export const shortestSpanMs = 100

export function readView(query: string): View {
  const fields = new URLSearchParams(query)
  const number = (name: string) => {
    const value = Number(fields.get(name) ?? '')
    return Number.isSafeInteger(value) && value > 0 ? value : null
  }
  const kinds = (fields.get('causes') ?? '').split(',')
  return {
    endAt: number('at'),
    spanMs: Math.max(shortestSpanMs, number('span') ?? usualSpanMs),
    selected: number('rebalance'),
    kinds: new Set(causeKinds.filter((kind) => kinds.includes(kind))),
    find: fields.get('find') ?? '',
  }
}

/** Only the fields that differ from the defaults. */
export function writeView({ endAt, spanMs, selected, kinds, find }: View): string {
  const fields = new URLSearchParams()
  if (selected !== null) fields.set('rebalance', String(selected))
  if (endAt !== null) fields.set('at', String(Math.round(endAt)))
  if (spanMs !== usualSpanMs) fields.set('span', String(Math.round(spanMs)))
  if (kinds.size > 0) fields.set('causes', [...kinds].join(','))
  if (find !== '') fields.set('find', find)
  return fields.toString().replaceAll('%2C', ',')
}
