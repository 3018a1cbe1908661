import { expect, test } from 'vitest'
import type { BoardNode, BoardSubtopology } from '../../../src-main/contract/streams'
import { graphOf } from '../../../src-renderer/pages/streams/graph'

const subtopology: BoardSubtopology = {
  id: '0',
  taskCount: 1,
  tasks: [],
  sources: ['lines'],
  patterns: [],
  repartitions: [],
  sinks: ['app-words-repartition'],
  changelogs: ['app-counts-changelog'],
  nodes: null,
  moreNodes: 0,
  moreTopics: 0,
}

const node = (name: string, given: Partial<BoardNode> = {}): BoardNode => ({
  name,
  kind: 'processor',
  topics: [],
  stores: [],
  successors: [],
  ...given,
})

function drawn(given: Partial<BoardSubtopology> = {}) {
  const { nodes, edges } = graphOf({ ...subtopology, ...given })
  return {
    columns: nodes.map(({ label, column, row }) => `${label} ${column}.${row}`),
    edges: edges.map(({ from, to }) => `${from.label} > ${to.label}`),
  }
}

test('without a processor graph a subtopology stands between its input and its output topics', () => {
  expect(drawn()).toEqual({
    columns: ['lines 0.0', '0 1.0', 'app-words-repartition 2.0', 'app-counts-changelog 2.1'],
    edges: ['lines > 0', '0 > app-words-repartition', '0 > app-counts-changelog'],
  })
})

test('processors stand between topics; internal topics have their full names, changelogs follow their store', () => {
  const nodes = [
    node('source', { kind: 'source', topics: ['lines'], successors: ['count'] }),
    node('count', { stores: ['counts'], successors: ['sink'] }),
    node('sink', { kind: 'sink', topics: ['words-repartition'] }),
  ]
  expect(drawn({ nodes })).toEqual({
    columns: [
      'lines 0.0',
      'source 1.0',
      'count 2.0',
      'sink 3.0',
      'app-counts-changelog 3.1',
      'app-words-repartition 4.0',
    ],
    edges: [
      'lines > source',
      'sink > app-words-repartition',
      'source > count',
      'count > sink',
      'count > app-counts-changelog',
    ],
  })
})

test('a graph that runs in a circle, or names processors that are not there, is drawn all the same', () => {
  const nodes = [node('a', { successors: ['b', 'gone'] }), node('b', { successors: ['a'] })]
  const { edges } = drawn({ nodes, changelogs: [] })
  expect(edges).toEqual(['a > b', 'b > a'])
})
