import type { KafkaClient } from '../../client/client'
import { RegistryClient } from '../../client/registry-client'
import type { CopyInput, CopyLine } from '../../contract/copies'
import type { CopyOrder } from '../../copy/copy'
import { type CopyJob, CopyJobs } from '../../copy/jobs'
import { textFilter } from '../messages/filter'
import type { CopySource } from '../source/copies'

/** The brokers that copies are written to. */
export interface CopyTarget {
  /** `localhost:9092` */
  readonly address: string
  /** @throws UserError for an address that is not on this machine */
  readonly connect: (address: string) => KafkaClient
}

const anonymous = { user: null, token: null }

/** Copies of slices of a cluster elsewhere, by the same code as `ottla copy`. */
export function remoteCopies(client: KafkaClient, target: CopyTarget, onError: (error: unknown) => void): CopySource {
  const jobs = new CopyJobs({ source: client, textFilter, connect: target.connect, onError })
  return {
    changed: jobs.changed,
    view: () => ({ target: target.address, copies: jobs.list().map(lineOf) }),
    async preview(order) {
      const { plan, warnings } = await jobs.preview(orderOf(order), order.to)
      const topics = plan.topics.map(({ name, target: copy, partitions, isThere, offsets, bytes }) => ({
        topic: name,
        target: copy,
        partitions,
        isThere,
        offsets,
        bytes,
      }))
      return { topics, schemas: plan.schemas.length, warnings }
    },
    start: (order) => jobs.start(orderOf(order), order.to),
    stop: (id) => jobs.stop(id),
    resume: (id) => jobs.resume(id),
    forget: (id) => jobs.forget(id),
    dispose: () => jobs.dispose(),
  }
}

function orderOf({ topics, as, part, value, filter, masks, groups, registries, bytesPerSecond }: CopyInput): CopyOrder {
  return {
    topics,
    as,
    part:
      part === 'last'
        ? { kind: 'last', count: value ?? 0 }
        : part === 'since'
          ? { kind: 'since', at: value ?? 0 }
          : { kind: 'all' },
    filter: filter === '' ? null : filter,
    masks,
    groups,
    registries: registries && {
      from: new RegistryClient(registries.from, anonymous),
      to: new RegistryClient(registries.to, anonymous),
    },
    rate: bytesPerSecond,
  }
}

function lineOf({ id, order, to, startedAt, state, progress, outcome, warnings, problem }: CopyJob): CopyLine {
  const totals = progress?.totals ?? outcome?.totals
  return {
    id,
    topics: order.topics,
    to,
    startedAt,
    state,
    offsets: progress?.offsets ?? 0,
    offsetsDone: progress?.offsetsDone ?? 0,
    messages: totals?.messages ?? 0,
    bytes: totals?.bytes ?? 0,
    filtered: totals?.filtered ?? 0,
    unmasked: totals?.unmasked ?? 0,
    schemas: outcome?.registered ?? 0,
    groups: outcome?.committed.map(({ groupId }) => groupId) ?? [],
    warnings: [...warnings, ...(outcome?.problems ?? [])],
    problem,
  }
}
