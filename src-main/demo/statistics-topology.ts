import type { StreamsDescription, StreamsTopology } from '../client/streams/member'
import { orders } from './shop'

export const statisticsGroup = 'demo-statistics'
/** Orders by item, between the two parts of the application. */
export const byItem = `${statisticsGroup}-by-item-repartition`
export const changelog = `${statisticsGroup}-sales-changelog`
/** What it finds out: the newest record of an item is valid. */
export const sales = 'demo-sales'
export const internalTopicNames = [byItem, changelog]

const store = 'sales'
const topic = (name: string, configs: Readonly<Record<string, string>>) => ({
  name,
  partitions: 0,
  replicationFactor: -1,
  topicConfigs: Object.entries(configs).map(([key, value]) => ({ key, value })),
})
const nothing = {
  sourceTopics: [],
  sourceTopicRegex: [],
  stateChangelogTopics: [],
  repartitionSinkTopics: [],
  repartitionSourceTopics: [],
  copartitionGroups: [],
}

/** As Kafka Streams describes `orders.groupBy(item).aggregate(sales)`: orders are written again by item, and added up there. */
export const statisticsTopology: StreamsTopology = [
  { ...nothing, subtopologyId: '0', sourceTopics: [orders], repartitionSinkTopics: [byItem] },
  {
    ...nothing,
    subtopologyId: '1',
    repartitionSourceTopics: [topic(byItem, { 'cleanup.policy': 'delete' })],
    stateChangelogTopics: [topic(changelog, { 'cleanup.policy': 'compact' })],
  },
]

const node = { sourceTopics: [], sinkTopic: null, stores: [], successors: [] }
const source = (name: string, from: string, next: string) => ({
  ...node,
  name,
  nodeType: 1,
  sourceTopics: [from],
  successors: [next],
})
const processor = (name: string, next: string, stores: string[] = []) => ({
  ...node,
  name,
  nodeType: 2,
  stores,
  successors: [next],
})
const sink = (name: string, to: string) => ({ ...node, name, nodeType: 3, sinkTopic: to })

export const statisticsDescription: StreamsDescription = {
  subtopologies: [
    {
      subtopologyId: '0',
      nodes: [
        source('orders', orders, 'group-by-item'),
        processor('group-by-item', 'by-item'),
        sink('by-item', byItem),
      ],
    },
    {
      subtopologyId: '1',
      nodes: [
        source('orders-of-item', byItem, 'add-up'),
        processor('add-up', 'sales-of-item', [store]),
        sink('sales-of-item', sales),
      ],
    },
  ],
  globalStores: [],
}
