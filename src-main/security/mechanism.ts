import type { Millis } from '../base/clock'

/** What one step of an exchange leads to. */
export type SaslStep =
  /** The exchange goes on. */
  | { readonly kind: 'challenge'; readonly reply: Uint8Array }
  | {
      readonly kind: 'done'
      readonly reply: Uint8Array
      readonly user: string
      /** When what it showed ends to count. */
      readonly expiresAt?: Millis
      /** It showed a delegation token: `user` is the token's id. */
      readonly isToken?: true
    }
  /** `message` is what Kafka tells the client; `why` is for the person who looks at the app. */
  | { readonly kind: 'failed'; readonly message: string; readonly why: string }

/** The server's side of one SASL exchange. */
export interface SaslExchange<Step extends SaslStep | Promise<SaslStep> = SaslStep | Promise<SaslStep>> {
  step(bytes: Uint8Array): Step
}

/** Kafka's names of the mechanisms that are served. */
export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const
export type Mechanism = (typeof mechanisms)[number]
