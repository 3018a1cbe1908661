import { UserError } from '../base/user-error'
import {
  type ComparedPart,
  type ComparedRow,
  type ComparedSide,
  type ComparisonItem,
  comparedParts,
} from '../contract/comparison'
import type { ComparedCluster, SubjectState, Untold } from './cluster'
import { groupRows, subjectRows, topicRows } from './rows'

/** Rows that are compared before other work of the process gets its turn. */
const portion = 500

type Give = (item: ComparisonItem) => void
type Sides = Readonly<Record<ComparedSide, ComparedCluster>>

/** Reads and compares each part as soon as both sides have it. */
const parts: Readonly<Record<ComparedPart, (sides: Sides, give: Give, signal: AbortSignal) => Promise<void>>> = {
  topics: (sides, give, signal) =>
    comparePart('topics', sides, (side, untold) => side.topics(untold), topicRows, give, signal),
  groups: (sides, give, signal) =>
    comparePart('groups', sides, (side, untold) => side.groups(untold), groupRows, give, signal),
  subjects: (sides, give, signal) => comparePart('subjects', sides, registeredIn, subjectRows, give, signal),
}

async function registeredIn(side: ComparedCluster): Promise<ReadonlyMap<string, SubjectState>> {
  const subjects = await side.subjects()
  if (!subjects) throw new UserError('No schema registry is set for it.')
  return subjects
}

/**
 * Compares two clusters. What a cluster does not tell is an item, and the rest is compared nevertheless. Nothing is written to either.
 *
 * @param wanted the parts to compare
 */
export async function compareClusters(
  sides: Sides,
  give: Give,
  signal: AbortSignal,
  wanted: readonly ComparedPart[] = comparedParts,
): Promise<void> {
  const reached = await Promise.all(
    (['a', 'b'] as const).map(async (side) => {
      const id = await told(side, null, () => sides[side].reach(), give)
      if (id !== undefined) give({ type: 'reached', side, clusterId: id })
      return id !== undefined
    }),
  )
  if (signal.aborted || reached.includes(false)) return
  await Promise.all(wanted.map((part) => parts[part](sides, give, signal)))
}

async function comparePart<S>(
  part: ComparedPart,
  sides: Sides,
  read: (side: ComparedCluster, untold: Untold) => Promise<S>,
  rowsOf: (a: S, b: S) => Iterable<ComparedRow>,
  give: Give,
  signal: AbortSignal,
): Promise<void> {
  const [a, b] = await Promise.all(
    (['a', 'b'] as const).map((side) => {
      const untold: Untold = (why) => give({ type: 'untold', side, part, isAll: false, why })
      return told(side, part, () => read(sides[side], untold), give)
    }),
  )
  if (a && b) {
    for (const rows of inPortions(rowsOf(a, b))) {
      if (signal.aborted) return
      give({ type: 'rows', rows })
      await nextTurn()
    }
  }
  give({ type: 'done', part })
}

/** The answer; undefined when a cluster cannot give it, which becomes an item. */
async function told<T>(
  side: ComparedSide,
  part: ComparedPart | null,
  ask: () => Promise<T>,
  give: Give,
): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    give({ type: 'untold', side, part, isAll: true, why: error.message })
    return undefined
  }
}

function* inPortions<T>(items: Iterable<T>): Generator<readonly T[]> {
  let some: T[] = []
  for (const item of items) {
    if (some.push(item) < portion) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
