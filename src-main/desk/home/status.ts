import type { Clock } from '../../base/clock'
import type { Listen } from '../../base/emitter'
import type { ListenerLine, WorkspaceLag, WorkspaceStatus } from '../../contract/workspace'
import { countsOf, uncommittedOf } from '../groups/groups'
import { lagsOf } from '../groups/lags'
import type { GroupFacts } from '../source/groups'
import type { ClusterSource } from '../source/source'
import type { TopicFacts } from '../source/topics'
import { countMessages } from '../topics/topics'

/** What does not change while the app runs. */
export interface RunFacts {
  readonly version: string
  /** Bound addresses of all listeners. */
  readonly addresses: readonly string[]
  readonly listeners: readonly ListenerLine[]
  /** `http://localhost:8081`; null when no schema registry is served. */
  readonly registryUrl: string | null
  readonly startedAt: number
}

export async function statusOf(source: ClusterSource, run: RunFacts): Promise<WorkspaceStatus> {
  const [topics, groups, clients, fileBytes, freeBytes] = await Promise.all([
    source.topics.list(),
    source.groups.ids(),
    source.clients?.count(),
    source.workspace.fileBytes(),
    source.workspace.freeBytes(),
  ])
  const own = topics.filter(({ internal }) => !internal)
  return {
    running: true,
    ...run,
    clusterId: source.workspace.clusterId,
    cluster: source.workspace.label,
    file: source.workspace.file,
    fileBytes,
    freeBytes,
    shrinksInSteps: source.workspace.shrinksInSteps(),
    writeFailure: source.workspace.writeFailure(),
    topics: own.length,
    partitions: own.reduce((sum, { partitions }) => sum + partitions, 0),
    groups: groups.length,
    clients: clients ?? 0,
  }
}

/** Messages of all topics but internal ones. */
export async function messagesOf(source: ClusterSource): Promise<number> {
  return countMessages(source, await source.topics.list())
}

/** Sums over all groups. */
export async function lagOf(source: ClusterSource, now: number): Promise<WorkspaceLag> {
  const [topics, groups] = await Promise.all([source.topics.list(), source.groups.list()])
  return { total: await totalLag(source, now), uncommitted: await uncommitted(source, topics, groups) }
}

/** Tells the sum of all groups' lag whenever it changed. */
export function lagChanges(
  source: ClusterSource,
  clock: Clock,
  beat: Listen<void>,
  onError: (error: unknown) => void,
): Listen<number> {
  return (tell) => {
    let last = -1
    const look = async () => {
      const lag = await totalLag(source, clock.now())
      if (lag !== last) tell((last = lag))
    }
    return beat(() => void look().catch(onError))
  }
}

async function uncommitted(
  { groups: offsets }: ClusterSource,
  topics: readonly TopicFacts[],
  groups: readonly GroupFacts[],
): Promise<number> {
  const committed = await offsets.offsets(groups.map(({ groupId }) => groupId))
  const counts = countsOf(topics)
  return groups.reduce((sum, group) => sum + uncommittedOf(group, committed.get(group.groupId) ?? [], counts), 0)
}

/** The sum of all groups' lag. */
async function totalLag(source: ClusterSource, now: number): Promise<number> {
  return [...(await lagsOf(source, await source.groups.ids(), now)).values()].reduce((sum, { lag }) => sum + lag, 0)
}
