import type { TopicLine } from '../../../src-main/contract/topics'

/** A topic, or a group of topics whose names begin alike: its figures are sums. */
export interface TreeRow extends TopicLine {
  /** `orders.`; `null` for a topic. */
  readonly prefix: string | null
  readonly depth: number
  /** Topics of the group; 1 for a topic. */
  readonly topics: number
}

/** Where a name is split: dots, dashes and underscores, as teams write them. */
const separator = /[._-]/

/** The rows of a tree: of open groups also what is in them. A group of one topic is that topic. */
export function treeRows(topics: readonly TopicLine[], open: ReadonlySet<string>, prefix = ''): readonly TreeRow[] {
  const depth = prefix === '' ? 0 : prefix.split(separator).length - 1
  const groups = new Map<string, TopicLine[]>()
  for (const topic of topics) {
    const rest = topic.name.slice(prefix.length)
    const at = rest.search(separator)
    const key = at <= 0 ? topic.name : prefix + rest.slice(0, at + 1)
    groups.set(key, [...(groups.get(key) ?? []), topic])
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, inside]): readonly TreeRow[] => {
      const [only] = inside
      if (inside.length === 1 && only) return [{ ...only, prefix: null, depth, topics: 1 }]
      const head: TreeRow = { ...sumOf(inside), name: key, prefix: key, depth, topics: inside.length }
      return open.has(key) ? [head, ...treeRows(inside, open, key)] : [head]
    })
}

function sumOf(topics: readonly TopicLine[]): TopicLine {
  const sum = (figure: (topic: TopicLine) => number) => topics.reduce((all, topic) => all + figure(topic), 0)
  return {
    ...(topics[0] as TopicLine),
    id: '',
    partitions: sum(({ partitions }) => partitions),
    messages: sum(({ messages }) => messages),
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    inPerSecond: sum(({ inPerSecond }) => inPerSecond),
    inBytesPerSecond: sum(({ inBytesPerSecond }) => inBytesPerSecond),
    outBytesPerSecond: sum(({ outBytesPerSecond }) => outBytesPerSecond),
    lastMessageAt: topics.reduce((last, { lastMessageAt }) => Math.max(last, lastMessageAt), -1),
    cleanupPolicy: '',
    groups: [],
  }
}
