import type { ComparedRow } from '../../../src-main/contract/comparison'

/** The place of this page below Connections. */
export const compareSubject = 'compare'

export type Verdict = ComparedRow['verdict']
export const verdicts: readonly Verdict[] = ['onlyA', 'onlyB', 'different', 'same']

/** Views of the page by what is compared, in their order. */
export const kinds = ['topic', 'config', 'group', 'subject'] as const
export type Kind = (typeof kinds)[number]

/** What the page shows, as its address has it. */
export interface CompareView {
  /** `here`, the id of a stored connection, or empty: not chosen. */
  readonly a: string
  readonly b: string
  readonly find: string
  readonly shown: readonly Verdict[]
  /** Also configs that no topic sets itself. */
  readonly defaults: boolean
  /** Also what changes while clients run. */
  readonly activity: boolean
}

export const here = 'here'
const unfolded: readonly Verdict[] = ['onlyA', 'onlyB', 'different']

export function viewOf(query: string): CompareView {
  const given = new URLSearchParams(query)
  const shown = given.get('show')?.split(',')
  return {
    a: given.get('a') ?? here,
    b: given.get('b') ?? '',
    find: given.get('find') ?? '',
    shown: shown ? verdicts.filter((verdict) => shown.includes(verdict)) : unfolded,
    defaults: given.get('defaults') === 'yes',
    activity: given.get('activity') !== 'no',
  }
}

/** `b=4f1c&find=orders`: only what is not the default. */
export function viewQuery({ a, b, find, shown, defaults, activity }: CompareView): string {
  const text = new URLSearchParams()
  if (a !== here) text.set('a', a)
  if (b !== '') text.set('b', b)
  if (find !== '') text.set('find', find)
  if (shown.join() !== unfolded.join()) text.set('show', shown.join())
  if (defaults) text.set('defaults', 'yes')
  if (!activity) text.set('activity', 'no')
  return text.toString()
}

/** A row with the verdict of the topic, config, group or subject that it belongs to. */
export interface ShownRow extends ComparedRow {
  readonly thing: Verdict
}

/**
 * Rows by kind, each with the verdict of its thing: one that has a row of its own kind on one side only, and others, is different.
 */
export function withThings(
  rows: readonly ComparedRow[],
  { defaults, activity }: Pick<CompareView, 'defaults' | 'activity'>,
): readonly ShownRow[] {
  const wanted = rows.filter(({ about }) => (about !== 'default' || defaults) && (about !== 'activity' || activity))
  const things = new Map<string, Verdict>()
  for (const row of wanted) {
    const key = thingOf(row)
    const before = things.get(key)
    things.set(key, before === undefined || before === row.verdict ? row.verdict : 'different')
  }
  // A topic and its configs stay together.
  const rank = ({ kind }: ComparedRow) => (kind === 'group' ? 1 : kind === 'subject' ? 2 : 0)
  return wanted
    .map((row) => ({ ...row, thing: things.get(thingOf(row)) ?? row.verdict }))
    .sort((x, y) => rank(x) - rank(y))
}

function thingOf({ kind, name, what }: ComparedRow): string {
  return kind === 'config' ? `${kind} ${name} ${what}` : `${kind} ${name}`
}

export function rowKey({ kind, name, what }: ComparedRow): string {
  return `${kind} ${name} ${what}`
}

export type Counts = Readonly<Record<Kind, Readonly<Record<Verdict, number>>>>

/** How many topics, configs, groups and subjects have each verdict. */
export function countsOf(rows: readonly ShownRow[]): Counts {
  const none = () => ({ onlyA: 0, onlyB: 0, different: 0, same: 0 })
  const counts = { topic: none(), config: none(), group: none(), subject: none() }
  const counted = new Set<string>()
  for (const row of rows) {
    const key = thingOf(row)
    if (counted.has(key)) continue
    counted.add(key)
    counts[row.kind][row.thing]++
  }
  return counts
}

/** @param kind null: all */
export function countOf(counts: Counts, kind: Kind | null, verdict: Verdict): number {
  return kind === null ? kinds.reduce((sum, one) => sum + counts[one][verdict], 0) : counts[kind][verdict]
}

/** The rows that are listed. What is the same in something different is folded with all that is the same. */
export function listed(
  rows: readonly ShownRow[],
  kind: Kind | null,
  { shown, find }: Pick<CompareView, 'shown' | 'find'>,
): readonly ShownRow[] {
  const text = find.trim().toLowerCase()
  const isShown = new Set(shown)
  return rows.filter((row) => {
    if (kind !== null && row.kind !== kind) return false
    if (!isShown.has(row.thing) || (row.verdict === 'same' && !isShown.has('same'))) return false
    return text === '' || [row.name, row.what, row.a, row.b].some((field) => field?.toLowerCase().includes(text))
  })
}
