import { type Checked, flag, oneOf, orNull, text, whole } from './check'

export const alertKinds = ['lag', 'silence', 'errors', 'deadLetters'] as const
export type AlertKind = (typeof alertKinds)[number]

export const alertInput = {
  kind: oneOf(...alertKinds),
  /** A group (lag), a topic (silence, deadLetters), or nothing (errors: of all clients). */
  subject: text(1000),
  /** Records (lag), minutes (silence), events within a minute (errors, deadLetters): more than this is an alert. */
  threshold: whole(0, 1_000_000_000),
  /** A note of the system, where the desktop app runs. */
  notifies: flag,
  /** Gets a POST with JSON when the alert begins and when it ends. */
  webhook: orNull(text(2000)),
}

export type AlertRule = { readonly id: number } & {
  readonly [K in keyof typeof alertInput]: Checked<(typeof alertInput)[K]>
}

export interface AlertLine extends AlertRule {
  /** Since when it is an alert; `null`: it is not. */
  readonly since: number | null
  /** What was measured last; `null`: nothing yet, or the subject does not exist. */
  readonly value: number | null
  /** The largest value since it began. */
  readonly most: number | null
  /** Earlier ones since the app started, the newest first. */
  readonly past: readonly AlertSpan[]
  /** The last try of the webhook; `problem` says why it failed, `nextAt` when it is tried again. */
  readonly called: {
    readonly at: number
    readonly problem: string | null
    readonly tries: number
    readonly nextAt: number | null
  } | null
}

/** From when to when something was an alert. */
export interface AlertSpan {
  readonly since: number
  readonly until: number
  readonly most: number
}

/** What a webhook answered to a test. */
export interface WebhookAnswer {
  readonly status: number
  readonly tookMs: number
  /** The beginning of it. */
  readonly text: string
}

/** That it is over, in a sentence without a period. */
export function alertOverText(
  { kind, subject }: Pick<AlertRule, 'kind' | 'subject'>,
  { since, until, most }: AlertSpan,
): string {
  const seconds = Math.round((until - since) / 1000)
  const span = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  const whose = {
    lag: `the lag of group ${subject}`,
    silence: `the silence of topic ${subject}`,
    errors: 'the errors of clients',
    deadLetters: `the dead letters in topic ${subject}`,
  }
  return `Over after ${span}: ${whose[kind]}, at most ${most.toLocaleString('en-US')}`
}

/** What is wrong, in a sentence without a period. */
export function alertText(
  { kind, subject, threshold }: Pick<AlertRule, 'kind' | 'subject' | 'threshold'>,
  value: number,
): string {
  const number = (count: number) => count.toLocaleString('en-US')
  switch (kind) {
    case 'lag':
      return `Group ${subject} is ${number(value)} messages behind (more than ${number(threshold)})`
    case 'silence':
      return `Topic ${subject} got no message for ${number(value)} minutes`
    case 'errors':
      return `${number(value)} errors of clients within a minute (more than ${number(threshold)})`
    case 'deadLetters':
      return `Topic ${subject} got ${number(value)} dead letters within a minute (more than ${number(threshold)})`
  }
}
