import type { TopicAnalysis } from '../../contract/analysis'
import type { Outlet } from '../../contract/server'
import { rangesOf } from '../messages/scans'
import type { Scan } from '../source/records'
import type { ClusterSource } from '../source/source'

/** Reads a whole topic where searches are read, so that no producer waits, and tells what it has counted so far. */
export function analyse(source: ClusterSource, topic: string, outlet: Outlet<TopicAnalysis>): () => void {
  let scan: Scan | undefined
  let isStopped = false
  const begin = async () => {
    const whole = {
      topics: [topic],
      partitions: null,
      from: 'oldest',
      value: null,
      until: null,
      groupId: null,
      limit: 1,
      committed: false,
      find: '',
      script: '',
      conditions: [],
      follow: null,
    } as const
    const ranges = await rangesOf({ source, decoders: source.kept.map('decoders') }, whole)
    if (isStopped) return
    scan = source.records.scan(
      {
        ...whole,
        ranges,
        backward: false,
        live: false,
        fromAt: -1,
        untilAt: -1,
        format: null,
        buckets: null,
        analysis: true,
      },
      (reply) => {
        if (reply.kind === 'analysis') outlet.push(reply.analysis)
        else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
        else if (reply.kind === 'done') outlet.end()
      },
    )
  }
  begin().catch((error: unknown) => outlet.fail(error))
  return () => {
    isStopped = true
    scan?.stop()
  }
}
