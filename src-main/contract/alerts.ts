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
  /** The last call of the webhook; `problem` says why it failed. */
  readonly called: { readonly at: number; readonly problem: string | null } | null
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
