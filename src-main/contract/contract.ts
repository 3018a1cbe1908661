import { type AlertLine, alertInput, type WebhookAnswer } from './alerts'
import type { TopicAnalysis } from './analysis'
import type { Can } from './capabilities'
import { type Check, either, flag, list, map, nothing, oneOf, orNull, record, text, whole } from './check'
import { type ComparisonItem, comparisonInput } from './comparison'
import {
  type ConnectionFinding,
  type ConnectionLine,
  type ConnectionsView,
  connectionDraft,
  connectionFile,
  connectionId,
  connectionImport,
  connectionView,
  type DoctorView,
  type FoundConnection,
} from './connections'
import { type CopiesView, type CopyPreview, copyOrder } from './copies'
import { type DecodingRegistry, registryInput } from './decoding-registry'
import { ask, change, picture, stream } from './define'
import type { ExchangeBatch, ExchangeDetail } from './exchanges'
import type {
  GroupDetail,
  GroupLine,
  LagHistory,
  MemberSession,
  RebalancedGroup,
  RebalanceFrame,
  RebalanceNews,
} from './groups'
import {
  type Arrived,
  type Decoder,
  type ExactMessage,
  type ExportItem,
  formats,
  type Histogram,
  type ImportOutcome,
  type MessageDetail,
  type MessageRow,
  type Payload,
  type SearchItem,
} from './messages'
import { type ResendCounts, type ResendJob, resendInput, startInput } from './resend'
import { applyInput, type LogTime, type ResetPlan, type ResetRecord, resetInput } from './reset'
import type { SchemaForm } from './schema-form'
import {
  type EncodedOrProblem,
  type EncodedValue,
  encodeInput,
  encodeManyInput,
  type SchemaComparison,
  type SchemasChange,
  type SchemaTrial,
  type SchemaUse,
  type SubjectDetail,
  schemaDraft,
  subjectName,
} from './schemas'
import { groupId, name, searchInput, searchPosition, topicPartitionOffset } from './search'
import {
  aclLine,
  authorizerChange,
  newListener,
  quotaChange,
  quotaRemoval,
  type SecurityFile,
  type SecurityView,
} from './security'
import type { ShareLanes } from './share'
import type { StreamsBoard } from './streams'
import type { InferredSchema, SchemaTimeline } from './topic-schemas'
import type { ConfigLine, PartitionLine, TopicGroupLine, TopicImpact, TopicLine, TopicName } from './topics'
import type { SavedView } from './views'
import type {
  AbortPlan,
  ActivityLine,
  ClientLine,
  ClientMetrics,
  DemoState,
  SettingLine,
  TrafficPoint,
  TransactionLine,
  WorkspaceLag,
  WorkspaceStatus,
} from './workspace'

const codec = oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd')

/** A message that a wire carries is smaller than this, whatever is in it. */
const payloadCharacters = 15_000_000

const payload: Check<Payload> = orNull(
  either((value) => typeof value === 'string', text(payloadCharacters), record({ base64: text(payloadCharacters) })),
)

const exactMessage = {
  key: payload,
  value: payload,
  headers: list(record({ key: text(100_000), value: payload }), 100_000),
}

/** A message of a file. `null` for the partition: by its key. `null` for the time: now; -1 is none. */
const imported = record({ partition: orNull(whole()), timestamp: orNull(whole(-1)), ...exactMessage })

const decoder = record({
  format: oneOf(...formats),
  schema: orNull(text(1_000_000)),
  type: orNull(text(1000)),
})

/**
 * Everything that a page may ask or watch: the legal names at run time, and the types of both sides. Inputs are checked at the door.
 * What is a `change` changes the cluster itself; what only this app remembers of it is an `ask`.
 */
export const contract = {
  /** Asked first: for each name of the contract `true`, or the sentence that a page shows in its place. */
  can: ask<Can<string>>()(nothing),
  workspace: picture<WorkspaceStatus>()(nothing),
  'workspace.messages': picture<number>()(nothing),
  'workspace.lag': picture<WorkspaceLag>()(nothing),
  traffic: picture<readonly TrafficPoint[]>()(nothing),
  activity: picture<readonly ActivityLine[]>()(nothing),
  topics: picture<readonly TopicLine[]>()(nothing),
  /** All topics without their figures: a new list only when a topic was created, deleted or has more partitions. */
  'topics.names': picture<readonly TopicName[]>()(nothing),
  /** The groups of one topic: a new list only when something of one of them changed. */
  'topic.groups': picture<readonly TopicGroupLine[]>()(record({ topic: name })),
  'topic.partitions': picture<readonly PartitionLine[]>()(record({ topic: name })),
  'topic.configs': ask<readonly ConfigLine[]>()(record({ topic: name })),
  'topic.alter': change<void>()(record({ topic: name, config: text(200), value: orNull(text(10_000)) })),
  'topic.create': change<void>()(record({ topic: name, partitions: whole(1, 10_000), configs: map(text(10_000)) })),
  /** A topic with the same partitions and configs, and with the messages too if asked: a resend that keeps partitions and times. */
  'topic.clone': change<void>()(record({ topic: name, name, messages: flag })),
  /** Deletes a topic and creates it with the same partitions and configs. */
  'topic.recreate': change<void>()(record({ topic: name })),
  /** Reads a topic from its beginning to its present end; stops when it is closed. */
  'topic.analysis': picture<TopicAnalysis>()(record({ topic: name })),
  'topic.grow': change<void>()(record({ topic: name, partitions: whole(1, 10_000) })),
  'topic.offsetsAt': ask<readonly number[]>()(record({ topic: name, at: whole() })),
  'topic.deleteRecords': change<void>()(
    record({ topic: name, before: list(record({ partition: whole(), offset: whole() }), 10_000) }),
  ),
  /** What would be lost with topics, and who would notice. */
  'topics.impact': ask<readonly TopicImpact[]>()(record({ topics: list(name, 1000) })),
  'topics.delete': change<void>()(record({ topics: list(name) })),
  'topics.purge': change<void>()(record({ topics: list(name) })),
  /** A page of the latest values of keys that is not the last stays open: until it is closed, its next page goes on with the same scan. */
  'messages.search': stream<SearchItem>()(
    record({ ...searchInput, after: orNull(searchPosition), columns: list(text(500), 50) }),
  ),
  /** Records that came since the feed was opened; `search` tells one feed from the next. */
  'messages.arrived': picture<Arrived>()(
    record({ topics: list(name, 1000), partitions: orNull(list(whole())), search: whole() }),
  ),
  'messages.export': stream<ExportItem>()(record({ ...searchInput, format: oneOf('jsonl', 'csv') })),
  /** Saved views of the message list of a topic; `*`: of several topics. */
  'topic.views': picture<readonly SavedView[]>()(record({ topic: name })),
  /** A view of the same name is replaced; there is one default. */
  'topic.view.save': ask<void>()(record({ topic: name, name: text(100), query: text(50_000), isDefault: flag })),
  'topic.view.delete': ask<void>()(record({ topic: name, name: text(100) })),
  'topic.decoders': ask<{ readonly key: Decoder; readonly value: Decoder }>()(record({ topic: name })),
  'topic.decode': ask<void>()(record({ topic: name, key: decoder, value: decoder })),
  'messages.detail': ask<MessageDetail>()(topicPartitionOffset),
  /** A message byte for byte, however large. */
  'messages.exact': ask<ExactMessage>()(topicPartitionOffset),
  /** The first message at or behind an offset; `null` at the end of the log. */
  'messages.at': ask<MessageRow | null>()(topicPartitionOffset),
  /** `steps` + 1 records of a partition and their times, evenly spaced from its first to its last. */
  'partition.times': ask<readonly LogTime[]>()(record({ topic: name, partition: whole(), steps: whole(1, 200) })),
  /** The first record of a time or later; the log end when there is none. */
  'partition.at': ask<number>()(record({ topic: name, partition: whole(), at: whole() })),
  /** What `messages.search` would list at any time. */
  'messages.histogram': picture<Histogram>()(
    record({
      topics: list(name, 1000),
      partitions: orNull(list(whole())),
      committed: flag,
      find: searchInput.find,
      script: searchInput.script,
      conditions: searchInput.conditions,
      follow: searchInput.follow,
      buckets: whole(1, 1000),
    }),
  ),
  'messages.produce': change<{ readonly partition: number; readonly offset: number }>()(
    record({
      topic: name,
      partition: orNull(whole()),
      /** ms; `null`: now. */
      timestamp: orNull(whole()),
      ...exactMessage,
      codec,
      count: whole(1, 10_000),
    }),
  ),
  'messages.import': change<ImportOutcome>()(record({ topic: name, codec, messages: list(imported, 10_000) })),
  /** What a resend would do, counted message by message; nothing is written. */
  'resend.plan': picture<ResendCounts>()(record(resendInput)),
  'resend.start': change<{ readonly id: number }>()(record(startInput)),
  'resend.stop': ask<void>()(record({ id: whole() })),
  /** Goes on where it was stopped. */
  'resend.resume': change<void>()(record({ id: whole() })),
  /** Removes it from the list; what it has sent is no longer known as resent. */
  'resend.forget': ask<void>()(record({ id: whole() })),
  resends: picture<readonly ResendJob[]>()(nothing),
  /** Copies of slices of this cluster to a broker on this machine. */
  copies: picture<CopiesView>()(nothing),
  'copy.preview': ask<CopyPreview>()(copyOrder),
  'copy.start': ask<{ readonly id: string }>()(copyOrder),
  /** It goes on with `copy.resume`. */
  'copy.stop': ask<void>()(record({ id: text(100) })),
  'copy.resume': ask<void>()(record({ id: text(100) })),
  'copy.forget': ask<void>()(record({ id: text(100) })),
  groups: picture<readonly GroupLine[]>()(nothing),
  /** Ids of all groups: a new list only when a group was created or deleted. */
  'groups.names': picture<readonly string[]>()(nothing),
  group: picture<GroupDetail | null>()(record({ groupId })),
  'group.lag': picture<LagHistory>()(record({ groupId })),
  'group.delete': change<void>()(record({ groupId })),
  /** Hues of the members by their ids, those that are gone too. */
  'group.hues': picture<Readonly<Record<string, number>>>()(record({ groupId })),
  'group.remove': change<void>()(record({ groupId, memberId: text(1000) })),
  /** Deliveries of a share group: the lanes that a page shows, from one on. */
  'share.lanes': picture<ShareLanes>()(record({ groupId, from: whole(), count: whole(1, 100) })),
  /** Gives back all that a member holds. */
  'share.release': change<{ readonly records: number }>()(record({ groupId, memberId: text(1000) })),
  /** Writes copies of records of one partition, which the group gave up at a time, to the end of it. */
  'share.redeliver': change<{ readonly records: number }>()(
    record({ groupId, topic: name, partition: whole(), first: whole(), last: whole(), at: whole() }),
  ),
  /** Tasks of a streams group; `null`: there is no such group. */
  'streams.board': picture<StreamsBoard | null>()(record({ groupId })),
  rebalances: stream<RebalanceNews>()(record({ groupId })),
  /** All groups by name: a new list only when one of them rebalanced, was created or was deleted. */
  'rebalances.groups': picture<readonly RebalancedGroup[]>()(nothing),
  /** Frames of a span of time, beginning with a full one at or before it. */
  'rebalances.frames': ask<readonly RebalanceFrame[]>()(record({ groupId, fromAt: whole(), toAt: whole() })),
  'rebalances.sessions': picture<readonly MemberSession[]>()(record({ groupId })),
  'rebalances.export': ask<string>()(record({ groupId, from: whole(), to: whole() })),
  'reset.plan': ask<ResetPlan>()(record(resetInput)),
  'reset.apply': change<ResetPlan>()(record(applyInput)),
  'reset.wait': change<void>()(record(resetInput)),
  'reset.waitingPlan': ask<ResetPlan | null>()(record({ groupId })),
  'reset.cancel': ask<void>()(record({ groupId })),
  'reset.history': ask<readonly ResetRecord[]>()(record({ groupId })),
  'reset.undoPlan': ask<ResetPlan>()(record({ groupId, id: whole() })),
  'reset.undo': change<void>()(record({ groupId, id: whole(), fence: flag })),
  clients: picture<readonly ClientLine[]>()(nothing),
  'client.metrics': ask<ClientMetrics>()(record({ connectionId: whole() })),
  transactions: picture<readonly TransactionLine[]>()(nothing),
  /** What an abort would do; `null` when the id has no open transaction. Changes nothing. */
  'transaction.abortPlan': ask<AbortPlan | null>()(record({ transactionalId: text(1000) })),
  /** Aborts the open transaction and fences its producer. */
  'transaction.abort': change<void>()(record({ transactionalId: text(1000) })),
  /** Frames that closed their connection before the page looked come first, if they came after this one. */
  exchanges: stream<ExchangeBatch>()(orNull(record({ after: whole() }))),
  'exchange.detail': ask<ExchangeDetail>()(record({ seq: whole() })),
  security: picture<SecurityView>()(nothing),
  'security.user': change<void>()(
    record({ user: text(500), mechanism: oneOf('SCRAM-SHA-256', 'SCRAM-SHA-512'), password: orNull(text(1000)) }),
  ),
  'security.acl': change<void>()(record({ acl: aclLine, remove: flag })),
  'security.authorizer': change<void>()(authorizerChange),
  'security.quota': change<void>()(quotaChange),
  'security.unquota': change<void>()(quotaRemoval),
  'security.listener.add': change<void>()(newListener),
  'security.listener.remove': change<void>()(record({ name: text(100) })),
  'security.plaintext': change<void>()(record({ on: flag })),
  'security.token.expire': change<void>()(record({ tokenId: text(100) })),
  'security.files': ask<readonly SecurityFile[]>()(record({ client: orNull(text(200)) })),
  schemas: stream<SchemasChange>()(nothing),
  'schema.subject': picture<SubjectDetail | null>()(record({ subject: subjectName })),
  'schema.uses': ask<readonly SchemaUse[]>()(record({ subject: subjectName })),
  'schema.compare': ask<SchemaComparison>()(record({ subject: subjectName, from: whole(1), to: whole(1) })),
  /** What a draft would mean, before it is registered. */
  'schema.try': ask<SchemaTrial>()(record(schemaDraft)),
  'schema.register': change<{ readonly id: number; readonly version: number }>()(record(schemaDraft)),
  /** `null` for the version: the whole subject. */
  'schema.delete': change<void>()(record({ subject: subjectName, version: orNull(whole(1)), permanent: flag })),
  /** `null` for the subject: of all that have none of their own; `null` for the level: as all. */
  'schema.level': change<void>()(record({ subject: orNull(subjectName), level: orNull(text(50)) })),
  'schema.mode': change<void>()(record({ subject: orNull(subjectName), mode: orNull(text(50)) })),
  'schema.example': ask<string>()(
    record({ subject: subjectName, version: orNull(whole(1)), message: orNull(text(1000)) }),
  ),
  /** A form for a value; what is edited is JSON. */
  'schema.form': ask<SchemaForm>()(
    record({ subject: subjectName, version: orNull(whole(1)), message: orNull(text(1000)) }),
  ),
  'schema.encode': ask<EncodedValue>()(record(encodeInput)),
  registry: picture<DecodingRegistry>()(nothing),
  'registry.choose': ask<void>()(record(registryInput)),
  /** Asks a registry for its subjects, before it is chosen. */
  'registry.test': ask<{ readonly subjects: number }>()(record(registryInput)),
  'schema.encodeMany': ask<readonly EncodedOrProblem[]>()(record(encodeManyInput)),
  /** A schema of the JSON of a topic's newest messages: a draft. */
  'topic.infer': ask<InferredSchema>()(
    record({ topic: name, part: oneOf('key', 'value'), type: oneOf('AVRO', 'JSON') }),
  ),
  'topic.schemas': ask<SchemaTimeline>()(record({ topic: name, part: oneOf('key', 'value') })),
  alerts: picture<readonly AlertLine[]>()(nothing),
  /** `null` for the id: a new one. */
  'alert.set': ask<void>()(record({ id: orNull(whole(1)), ...alertInput })),
  'alert.remove': ask<void>()(record({ id: whole(1) })),
  /** Posts a test to a webhook, once. */
  'alert.test': ask<WebhookAnswer>()(record({ webhook: text(2000) })),
  settings: picture<readonly SettingLine[]>()(nothing),
  'settings.set': ask<void>()(record({ name: text(200), value: orNull(text(10_000)) })),
  demo: picture<DemoState>()(nothing),
  'demo.set': change<void>()(record({ running: flag })),
  /** Stored connections to clusters elsewhere. Their secrets are in no answer. */
  connections: picture<ConnectionsView>()(nothing),
  /** Answers with what is stored: typed secrets are not in it. */
  'connection.save': ask<ConnectionLine>()(connectionDraft),
  'connection.duplicate': ask<{ readonly id: string }>()(connectionId),
  'connection.delete': ask<void>()(connectionId),
  /** Opens a window of its own, at a view such as `/topics/orders`; `null`: where it was. */
  'connection.open': ask<void>()(connectionView),
  /** Forgets the id of the cluster: the next connect notes it. */
  'connection.unpin': ask<void>()(connectionId),
  /** Tries a connection step by step; nothing is saved. */
  'connection.test': stream<ConnectionFinding>()(connectionDraft),
  /** Tries every step of the connections to this broker or cluster; another `run` tries again. */
  doctor: picture<DoctorView>()(record({ run: whole() })),
  'connection.read': ask<readonly FoundConnection[]>()(connectionFile),
  'connection.import': ask<{ readonly ids: readonly string[] }>()(connectionImport),
  /** Compares two clusters, and ends when both are compared. */
  comparison: stream<ComparisonItem>()(comparisonInput),
  /** Permits changes of a cluster elsewhere for a while; its name is typed. */
  'cluster.unlock': ask<void>()(record({ name: text(1000) })),
  'cluster.lock': ask<void>()(nothing),
  /** Name of a cluster in production, where messages are written only after somebody allowed it; `null`: they are written. */
  'cluster.asksForMessages': ask<string | null>()(nothing),
  /** Allows it until the last page is closed or the cluster is locked. */
  'cluster.allowMessages': ask<void>()(record({ name: text(1000) })),
  'workspace.copy': ask<void>()(record({ path: text(4096) })),
  'workspace.shrink': ask<void>()(nothing),
} as const

export type Contract = typeof contract
export type Name = keyof Contract
export type AskName = { [N in Name]: Contract[N]['verb'] extends 'ask' ? N : never }[Name]
export type FeedName = { [N in Name]: Contract[N]['verb'] extends 'feed' ? N : never }[Name]
/** Questions that change the cluster, and those that do not. */
export type ChangeName = { [N in Name]: Contract[N] extends { readonly changes: true } ? N : never }[Name]
export type ReadName = Exclude<AskName, ChangeName>

const writing: ReadonlySet<string> = new Set<ChangeName>([
  'messages.produce',
  'messages.import',
  'resend.start',
  'resend.resume',
  'share.redeliver',
])

/** Whether a change writes messages: on a cluster in production that is asked about once. */
export function writesMessages(name: Name, input: unknown): boolean {
  if (name !== 'topic.clone') return writing.has(name)
  return typeof input === 'object' && input !== null && 'messages' in input && input.messages === true
}

export const changeNames = (Object.keys(contract) as Name[]).filter(
  (name): name is ChangeName => 'changes' in contract[name],
)
