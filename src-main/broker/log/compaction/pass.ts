import type { BatchRow } from '../../../storage'
import type { Core } from '../../core'
import type { Partition } from '../partition'
import { FilterWalk, KeyWalk, type Stretch } from './compaction'
import { entryBytes } from './offset-map'

/** Bounds of a slice: a client waits no longer than one takes. */
const rowsPerSlice = 256
const bytesPerSlice = 512 * 1024

export interface PassOptions {
  /** The dirty section. */
  readonly from: number
  readonly before: number
  readonly deleteRetentionMs: number
  /** Waits for the group commit and lets others work. Returns false when the pass must end. */
  readonly pause: () => Promise<boolean>
}

/**
 * [L22] Cleans one partition: both walks of the compaction over its batches, in slices.
 *
 * @throws StorageFailure, RecordsError
 */
export async function compact(core: Core, partition: Partition, options: PassOptions): Promise<void> {
  const { workspace, clock } = core
  const { facts } = partition
  const keys = new KeyWalk(options.from, maxKeysOf(core))
  let isWhole = true
  const mapped = await eachSlice(core, partition, options.from, options.before, options.pause, (slice) => {
    isWhole = keys.walk(slice)
    return isWhole
  })
  if (!mapped) return
  // The last offsets of the section may have no batch.
  const end = isWhole ? options.before : keys.end
  const filter = new FilterWalk(keys.offsets, {
    now: clock.now(),
    deleteRetentionMs: options.deleteRetentionMs,
    highWatermark: partition.highWatermark,
    lastRecordOf: (producerId) => partition.producers.lastRecordOf(producerId),
  })
  const filtered = await eachSlice(core, partition, facts.logStart, end, options.pause, (slice) => {
    const { verdicts, forgotten } = filter.walk(slice)
    const changes = verdicts.flatMap((verdict, i) =>
      verdict.kind === 'keep'
        ? []
        : [{ row: slice.rows[i] as BatchRow, bytes: verdict.kind === 'replace' ? verdict.bytes : null }],
    )
    if (changes.length === 0 && forgotten.length === 0) return true
    workspace.write(() => {
      workspace.batches.rewrite(facts, changes)
      for (const transaction of forgotten) workspace.transactionIndex.forgetAborted(facts.id, transaction)
    })
    partition.touch(0)
    return true
  })
  if (!filtered) return
  workspace.write(() => workspace.batches.setCleaned(facts, end))
  partition.touch(0)
  await core.commits.settled
}

interface Slice extends Stretch {
  readonly rows: readonly BatchRow[]
}

/** Visits [from, before) until `visit` says false. [L23] Returns false when the pass must end. */
async function eachSlice(
  { workspace }: Core,
  { facts }: Partition,
  from: number,
  before: number,
  pause: PassOptions['pause'],
  visit: (slice: Slice) => boolean,
): Promise<boolean> {
  for (let at = from; ; ) {
    // Records may have been deleted since the last slice.
    at = Math.max(at, facts.logStart)
    const rows = at < before ? workspace.batches.rows(facts, at, before, rowsPerSlice, bytesPerSlice) : []
    const last = rows.at(-1)?.batch
    if (!last) return true
    const batches = rows.map(({ batch }) => batch)
    const aborted = workspace.transactionIndex.abortedIn(facts.id, batches[0]?.baseOffset ?? at, last.lastOffset + 1)
    if (!visit({ rows, batches, aborted })) return true
    at = last.lastOffset + 1
    if (!(await pause())) return false
  }
}

/** [L9] */
function maxKeysOf({ configs }: Core): number {
  const slots = Math.floor(configs.brokerNumber('log.cleaner.dedupe.buffer.size') / entryBytes)
  return Math.max(1, Math.floor(slots * configs.brokerNumber('log.cleaner.io.buffer.load.factor')))
}
