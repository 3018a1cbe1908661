import type { BoardNode, BoardSubtopology } from '../../../src-main/contract/streams'

interface GraphNode {
  readonly id: string
  readonly label: string
  readonly kind: 'topic' | 'pattern' | 'subtopology' | BoardNode['kind']
  readonly stores: readonly string[]
}

export interface Placed extends GraphNode {
  readonly column: number
  readonly row: number
}

interface Graph {
  readonly nodes: readonly Placed[]
  readonly edges: readonly { readonly from: Placed; readonly to: Placed }[]
  readonly columns: number
  readonly rows: number
}

const topicId = (name: string) => `topic ${name}`
const nodeId = (name: string) => `node ${name}`

/** A subtopology from its input topics on the left to its output topics and changelogs on the right. */
export function graphOf(subtopology: BoardSubtopology): Graph {
  const nodes = new Map<string, GraphNode>()
  const edges: [from: string, to: string][] = []
  const add = (id: string, label: string, kind: GraphNode['kind'], stores: readonly string[] = []) => {
    if (!nodes.has(id)) nodes.set(id, { id, label, kind, stores })
    return id
  }
  const topic = (name: string) => add(topicId(name), name, 'topic')
  const { id, sources, patterns, repartitions, sinks, changelogs, nodes: described } = subtopology
  if (described === null) {
    const box = add(nodeId(id), id, 'subtopology')
    for (const name of [...sources, ...repartitions]) edges.push([topic(name), box])
    for (const pattern of patterns) edges.push([add(`pattern ${pattern}`, pattern, 'pattern'), box])
    // A subtopology that reads what it writes has the topic on both sides.
    for (const name of [...sinks, ...changelogs]) edges.push([box, add(`to ${name}`, name, 'topic')])
    return placed([...nodes.values()], edges)
  }
  // The application names its internal topics without its id.
  const known = [...repartitions, ...sinks]
  const whole = (name: string) => known.find((each) => each === name || each.endsWith(`-${name}`)) ?? name
  for (const node of described) {
    add(nodeId(node.name), node.name, node.kind, node.stores)
    for (const name of node.topics.map(whole)) {
      if (node.kind === 'source') edges.push([topic(name), nodeId(node.name)])
      else edges.push([nodeId(node.name), add(`to ${name}`, name, 'topic')])
    }
  }
  for (const { name, successors } of described) {
    for (const next of successors) if (nodes.has(nodeId(next))) edges.push([nodeId(name), nodeId(next)])
  }
  for (const changelog of changelogs) {
    const owner = described.find(({ stores }) => stores.some((store) => changelog.endsWith(`-${store}-changelog`)))
    const to = add(`to ${changelog}`, changelog, 'topic')
    if (owner) edges.push([nodeId(owner.name), to])
  }
  return placed([...nodes.values()], edges)
}

/** Each node one column right of the last that leads to it. Clients send graphs: also one that runs in a circle ends. */
function placed(nodes: readonly GraphNode[], edges: readonly (readonly [string, string])[]): Graph {
  const columns = new Map(nodes.map(({ id }) => [id, 0]))
  for (let round = 0; round < nodes.length; round++) {
    let isMoved = false
    for (const [from, to] of edges) {
      const least = (columns.get(from) ?? 0) + 1
      if ((columns.get(to) ?? 0) >= least || least >= nodes.length) continue
      columns.set(to, least)
      isMoved = true
    }
    if (!isMoved) break
  }
  const filled = new Map<number, number>()
  const all = new Map(
    nodes.map((node) => {
      const column = columns.get(node.id) ?? 0
      const row = filled.get(column) ?? 0
      filled.set(column, row + 1)
      return [node.id, { ...node, column, row }]
    }),
  )
  return {
    nodes: [...all.values()].sort((a, b) => a.column - b.column || a.row - b.row),
    edges: edges.flatMap(([a, b]) => {
      const from = all.get(a)
      const to = all.get(b)
      return from && to ? [{ from, to }] : []
    }),
    columns: Math.max(0, ...filled.keys()) + 1,
    rows: Math.max(0, ...filled.values()),
  }
}
