import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Listen } from '../../base/emitter'
import { type AlertKind, type AlertLine, type AlertRule, alertText } from '../../contract/alerts'
import { isRoutine } from '../clients/routine-errors'
import { lagsOf } from '../groups/lags'
import type { DeskNotice } from '../home/notices'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'
import { callWebhook, checkWebhook } from './webhook'

const minuteMs = 60_000
const ofTopic: ReadonlySet<AlertKind> = new Set(['silence', 'deadLetters'])
const mostRules = 200
/** Errors of one minute that are told apart; more are more than any threshold that makes sense. */
const mostErrors = 10_000

interface Watched {
  readonly rule: AlertRule
  since: number | null
  value: number | null
  called: AlertLine['called']
  /** Log ends of the topic, added up, when it was looked at; the oldest first, not older than a minute. */
  seen: { readonly at: number; readonly records: number }[]
  /** When the topic got a message last, as far as it was watched. */
  heardAt: number
}

interface AlertParts {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly beat: Listen<void>
  /** An alert began: for the activity of the first page. */
  readonly began: (text: string) => void
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
  #isLooking = false
  #isStopped = false

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
    return [...this.#watched.values()].map(({ rule, since, value, called }) => ({ ...rule, since, value, called }))
  }

  /** @throws Error with a sentence when the webhook is no address, or it cannot be stored */
  async set(id: number | null, rule: Omit<AlertRule, 'id'>): Promise<void> {
    await this.#loaded
    if (rule.webhook !== null) checkWebhook(rule.webhook)
    if (id === null && this.#watched.size >= mostRules) throw new Error(`There are at most ${mostRules} alerts.`)
    const own = { ...rule, id: id ?? Math.max(0, ...this.#watched.keys()) + 1 }
    await this.#kept.set(String(own.id), own)
    this.#watch(own)
    this.#changes.emit()
  }

  async remove(id: number): Promise<void> {
    await this.#loaded
    await this.#kept.set(String(id), null)
    this.#watched.delete(id)
    this.#changes.emit()
  }

  dispose(): void {
    this.#isStopped = true
    for (const end of this.#ends) end?.()
  }

  async #load(): Promise<void> {
    for (const [, rule] of await this.#kept.entries()) this.#watch(rule)
  }

  #watch(rule: AlertRule): void {
    this.#watched.set(rule.id, {
      rule,
      since: null,
      value: null,
      called: null,
      seen: [],
      heardAt: this.#parts.clock.now(),
    })
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
    const { rule } = watched
    watched.value = value
    const isOver =
      value !== null && (rule.kind === 'silence' ? value >= Math.max(1, rule.threshold) : value > rule.threshold)
    if (isOver === (watched.since !== null)) return
    watched.since = isOver ? now : null
    const text = alertText(rule, value ?? 0)
    if (isOver) this.#parts.began(text)
    if (isOver && rule.notifies)
      this.#notices.emit({ kind: 'alert', title: text, text: 'Ottla alert', view: viewOf(rule) })
    if (rule.webhook !== null)
      this.#call(watched, rule.webhook, { state: isOver ? 'began' : 'ended', text, value, now })
  }

  #call(
    watched: Watched,
    url: string,
    {
      state,
      text,
      value,
      now,
    }: { readonly state: string; readonly text: string; readonly value: number | null; readonly now: number },
  ): void {
    const { clock, onError } = this.#parts
    const { kind, subject, threshold } = watched.rule
    const body = { state, kind, subject, threshold, value, text, at: new Date(now).toISOString() }
    callWebhook(url, body, clock, () => this.#isStopped).then((problem) => {
      watched.called = { at: clock.now(), problem }
      this.#changes.emit()
    }, onError)
  }
}

function viewOf({ kind, subject }: AlertRule): string {
  if (kind === 'lag') return `/groups/${encodeURIComponent(subject)}`
  return kind === 'errors' ? '/clients' : `/topics/${encodeURIComponent(subject)}`
}
