import { statfs, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { handler } from '../handler'
import type { Topic } from '../log/topics'

/** DescribeLogDirs 1-5 (ReplicaManager.describeLogDirs): the one log directory is the workspace file. */
export const describeLogDirs = handler({
  api: 'DescribeLogDirs',
  versions: [1, 5],
  handle(request, { core, client }) {
    if (!allowsOnCluster({ core, client }, 'DESCRIBE')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), results: [] }
    }
    const wanted =
      request.topics === null
        ? core.topics.all().map((topic) => ({ topic, numbers: allOf(topic) }))
        : request.topics.flatMap(({ topic: name, partitions }) => {
            const topic = core.topics.find(name)
            return topic ? [{ topic, numbers: partitions }] : []
          })
    const topics = wanted.flatMap(({ topic, numbers }) => {
      const partitions = numbers.flatMap((partitionIndex) => {
        const partition = topic.partition(partitionIndex)
        return partition
          ? [{ partitionIndex, partitionSize: BigInt(partition.facts.sizeBytes), offsetLag: 0n, isFutureKey: false }]
          : []
      })
      return partitions.length > 0 ? [{ name: topic.name, partitions }] : []
    })
    return {
      errorCode: 0,
      results: [{ errorCode: 0, logDir: core.workspace.file, topics, ...diskOf(dirname(core.workspace.file)) }],
    }
  },
})

function allOf(topic: Topic): number[] {
  return Array.from({ length: topic.partitionCount }, (_, number) => number)
}

/** KIP-827. Runtimes without statfs leave it out. */
function diskOf(folder: string): { totalBytes?: bigint; usableBytes?: bigint } {
  if (typeof statfs !== 'function') return {}
  const { blocks, bavail, bsize } = statfsSync(folder, { bigint: true })
  return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
}
