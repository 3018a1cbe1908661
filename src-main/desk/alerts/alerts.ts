import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Listen } from '../../base/emitter'
import {
  type AlertKind,
  type AlertLine,
  type AlertRule,
  type AlertSpan,
  alertOverText,
  alertText,
  type WebhookAnswer,
} from '../../contract/alerts'
import { isRoutine } from '../clients/routine-errors'
import { lagsOf } from '../groups/lags'
import type { DeskNotice } from '../home/notices'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'
import { checkWebhook, postWebhook, Webhook } from './webhook'

const minuteMs = 60_000
const ofTopic: ReadonlySet<AlertKind> = new Set(['silence', 'deadLetters'])
const mostRules = 200
/** Earlier alerts of a rule that are told. */
const mostPast = 5
/** Errors of one minute that are told apart; more are more than any threshold that makes sense. */
const mostErrors = 10_000

interface Watched {
  rule: AlertRule
  since: number | null
  value: number | null
  most: number
  past: readonly AlertSpan[]
  webhook: Webhook | null
  /** Log ends of the topic, added up, when it was looked at; the oldest first, not older than a minute. */
  seen: { readonly at: number; readonly records: number }[]
  /** When the topic got a message last, as far as it was watched. */
  heardAt: number
}

interface AlertParts {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly beat: Listen<void>
  /** An alert began, or is over: for the activity of the first page. */
  readonly told: (text: string, isOver: boolean) => void
  readonly onError: (error: unknown) => void
}

/**
 * Rules that people made, looked at once a second. An alert is told when it begins and when it ends, never in between; without
 * rules nothing is measured.
 */
export class Alerts implements Disposable {
  readonly changed: Listen<void>
  readonly noticed: Listen<DeskNotice>
  readonly #parts: AlertParts
  readonly #kept: KeptMap<AlertRule>
  readonly #changes: Emitter<void>
  readonly #notices: Emitter<DeskNotice>
  readonly #watched = new Map<number, Watched>()
  readonly #loaded: Promise<void>
  readonly #ends: readonly ((() => void) | undefined)[]
  #errors: number[] = []
  #nextId = 1
  #isLooking = false

  constructor(parts: AlertParts) {
    const { source, clock, beat, onError } = parts
    this.#parts = parts
    this.#kept = source.kept.map('alerts')
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#notices = new Emitter(onError)
    this.noticed = this.#notices.listen
    this.#loaded = this.#load()
    this.#loaded.catch(onError)
    this.#ends = [
      beat(() => void this.#look().catch(onError)),
      source.clients?.changed(({ kind, client: { lastError, isOfDemo } }) => {
        if (kind !== 'failed' || !lastError || isRoutine(lastError.error) || isOfDemo) return
        if (this.#errors.length < mostErrors) this.#errors.push(clock.now())
      }),
    ]
  }

  async lines(): Promise<readonly AlertLine[]> {
    await this.#loaded
    return [...this.#watched.values()].map(({ rule, since, value, most, past, webhook }) => ({
      ...rule,
      since,
      value,
      most: since === null ? null : most,
      past,
      called: webhook?.called ?? null,
    }))
  }

  /** @throws Error with a sentence when the webhook is no address, there is such an alert already, or it cannot be stored */
  async set(id: number | null, given: Omit<AlertRule, 'id'>): Promise<void> {
    await this.#loaded
    const rule = { ...given, subject: given.kind === 'errors' ? '' : given.subject.trim() }
    if (rule.webhook !== null) checkWebhook(rule.webhook)
    if (rule.kind !== 'errors' && rule.subject === '') throw new Error('An alert needs a group or a topic.')
    if (id !== null && !this.#watched.has(id)) throw new Error('This alert was removed.')
    if (id === null && this.#watched.size >= mostRules) throw new Error(`There are at most ${mostRules} alerts.`)
    const isSame = ({ rule: { kind, subject, threshold, id: other } }: Watched) =>
      other !== id && kind === rule.kind && subject === rule.subject && threshold === rule.threshold
    if ([...this.#watched.values()].some(isSame))
      throw new Error('There is an alert with this group or topic and this number already. Edit that one.')
    const own = { ...rule, id: id ?? this.#nextId++ }
    await this.#kept.set(String(own.id), own)
    this.#watch(own)
    this.#changes.emit()
  }

  async remove(id: number): Promise<void> {
    await this.#loaded
    await this.#kept.set(String(id), null)
    this.#watched.get(id)?.webhook?.dispose()
    this.#watched.delete(id)
    this.#changes.emit()
  }

  /** Posts a test, once. @throws Error that says why there is no answer */
  test(webhook: string): Promise<WebhookAnswer> {
    const at = new Date(this.#parts.clock.now()).toISOString()
    return postWebhook(webhook, { state: 'test', text: 'A test of an Ottla alert', at })
  }

  dispose(): void {
    for (const end of this.#ends) end?.()
    for (const { webhook } of this.#watched.values()) webhook?.dispose()
  }

  async #load(): Promise<void> {
    for (const [, rule] of await this.#kept.entries()) {
      this.#watch(rule)
      this.#nextId = Math.max(this.#nextId, rule.id + 1)
    }
  }

  /** A rule that is edited stays what it is, as long as it is about the same. */
  #watch(rule: AlertRule): void {
    const before = this.#watched.get(rule.id)
    const isSame = before?.rule.kind === rule.kind && before.rule.subject === rule.subject
    const { clock, onError } = this.#parts
    let webhook = before?.webhook ?? null
    if (webhook?.url !== rule.webhook) {
      webhook?.dispose()
      webhook =
        rule.webhook === null
          ? null
          : new Webhook(rule.webhook, { clock, changed: () => this.#changes.emit(), onError })
    }
    if (before && isSame) {
      before.rule = rule
      before.webhook = webhook
      return
    }
    const heardAt = clock.now()
    this.#watched.set(rule.id, { rule, since: null, value: null, most: 0, past: [], webhook, seen: [], heardAt })
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#watched.size === 0) return
    this.#isLooking = true
    try {
      const { source, clock } = this.#parts
      const now = clock.now()
      const rules = [...this.#watched.values()]
      const groupIds = [...new Set(rules.flatMap(({ rule }) => (rule.kind === 'lag' ? [rule.subject] : [])))]
      const lags =
        groupIds.length > 0 ? await lagsOf(source, groupIds, now) : new Map<string, { readonly lag: number }>()
      const topics = rules.flatMap(({ rule }) => (ofTopic.has(rule.kind) ? [rule.subject] : []))
      const logs = topics.length > 0 ? await source.topics.logs([...new Set(topics)].sort()) : new Map<string, never>()
      this.#errors = this.#errors.filter((at) => now - at < minuteMs)
      for (const watched of rules) {
        const records = logs.get(watched.rule.subject)?.reduce((sum, { end }) => sum + end, 0)
        this.#judge(watched, this.#measured(watched, { now, records, lag: lags.get(watched.rule.subject)?.lag }), now)
      }
      this.#changes.emit()
    } finally {
      this.#isLooking = false
    }
  }

  #measured(
    watched: Watched,
    {
      now,
      records,
      lag,
    }: { readonly now: number; readonly records: number | undefined; readonly lag: number | undefined },
  ): number | null {
    const { kind } = watched.rule
    if (kind === 'lag') return lag ?? null
    if (kind === 'errors') return this.#errors.length
    if (records === undefined) return null
    const count = records
    const before = watched.seen.at(-1)?.records ?? count
    if (count !== before) watched.heardAt = now
    watched.seen = [...watched.seen.filter(({ at }) => now - at <= minuteMs), { at: now, records: count }]
    if (kind === 'silence') return Math.floor((now - watched.heardAt) / minuteMs)
    return count - (watched.seen[0]?.records ?? count)
  }

  #judge(watched: Watched, value: number | null, now: number): void {
    const { rule, since } = watched
    watched.value = value
    const isOver =
      value === null || (rule.kind === 'silence' ? value < Math.max(1, rule.threshold) : value <= rule.threshold)
    if (!isOver) watched.most = since === null ? value : Math.max(watched.most, value)
    if (isOver === (since === null)) return
    if (!isOver) {
      watched.since = now
      this.#tell(watched, 'began', alertText(rule, value), now)
      return
    }
    const span = { since: since ?? now, until: now, most: watched.most }
    watched.since = null
    watched.past = [span, ...watched.past].slice(0, mostPast)
    this.#tell(watched, 'ended', alertOverText(rule, span), now)
  }

  #tell({ rule, value, webhook }: Watched, state: 'began' | 'ended', text: string, now: number): void {
    const { kind, subject, threshold, notifies } = rule
    const isOver = state === 'ended'
    this.#parts.told(text, isOver)
    if (notifies)
      this.#notices.emit({
        kind: isOver ? 'alertOver' : 'alert',
        title: text,
        text: isOver ? 'Ottla alert, over' : 'Ottla alert',
        view: viewOf(rule),
      })
    webhook?.call({ state, kind, subject, threshold, value, text, at: new Date(now).toISOString() })
  }
}

function viewOf({ kind, subject }: AlertRule): string {
  if (kind === 'lag') return `/groups/${encodeURIComponent(subject)}`
  return kind === 'errors' ? '/clients' : `/topics/${encodeURIComponent(subject)}`
}
