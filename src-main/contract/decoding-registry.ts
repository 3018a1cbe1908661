import { oneOf, orNull, text } from './check'

/** The schema registry that keys and values are decoded with. It holds no secret. */
export interface DecodingRegistry {
  /** `null`: that of this broker. */
  readonly url: string | null
  readonly auth: 'none' | 'basic' | 'bearer'
  /** Of basic authentication; else ''. */
  readonly user: string
  /** PEM; '' for the certificates of the system. */
  readonly ca: string
  /** A password or a token is in memory. It is asked for again after a restart. */
  readonly hasSecret: boolean
  /** Why it cannot be changed here; `null` when it can. */
  readonly fixed: string | null
}

export const registryInput = {
  /** `null`: the registry of this broker. */
  url: orNull(text(2000)),
  auth: oneOf('none', 'basic', 'bearer'),
  user: text(1000),
  /** `null`: as it was, as long as the registry is the same. */
  secret: orNull(text(10_000)),
  ca: text(500_000),
}
