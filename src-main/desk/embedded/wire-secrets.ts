import type { ByteSpan, FrameProblem } from '../../contract/exchanges'

/** Fields that a login or a token can be made of: passwords and proofs, the salted passwords of SCRAM, and the HMAC that is the password of a delegation token. */
const secretFields: ReadonlySet<string> = new Set(['authBytes', 'salt', 'saltedPassword', 'hmac'])
/** The APIs that have them, or configs. */
const secretApis: ReadonlySet<string> = new Set([
  'SaslAuthenticate',
  'AlterUserScramCredentials',
  'CreateDelegationToken',
  'RenewDelegationToken',
  'ExpireDelegationToken',
  'DescribeDelegationToken',
  'AlterConfigs',
  'IncrementalAlterConfigs',
])
/** Configs whose value Kafka never tells (type PASSWORD: SslConfigs, SaslConfigs). */
const secretConfig = /password|jaas\.config|keystore\.key$|client\.secret/

/** A request or response as the wire page shows it. */
export interface ShownFrame {
  readonly map: ByteSpan | null
  readonly bytes: Buffer
  readonly problem: FrameProblem | null
}

/**
 * The frame without passwords and tokens: whoever looks over a shoulder, or at a bug report with a copied exchange, does not get them. Their
 * fields say how many bytes they have; the bytes are zeros. Of a frame that cannot be read to its end all is zeros but its header.
 */
export function withoutSecrets(api: string, frame: ShownFrame): ShownFrame {
  if (!secretApis.has(api)) return frame
  const { map, bytes, problem } = frame
  const shown = Buffer.from(bytes)
  if (map === null || problem !== null) {
    const header = map?.children.find(({ name }) => name === 'header') ?? null
    shown.fill(0, header?.end ?? 0)
    return { map: map && { ...map, children: header ? [header] : [] }, bytes: shown, problem }
  }
  return { map: map && told(map, shown), bytes: shown, problem }
}

function told(span: ByteSpan, shown: Buffer): ByteSpan {
  const config = span.children.find(({ name }) => name === 'name')?.value ?? ''
  return {
    ...span,
    children: span.children.map((child) => {
      const isSecret = secretFields.has(child.name) || (child.name === 'value' && secretConfig.test(config))
      if (!isSecret || child.value === 'null') return told(child, shown)
      shown.fill(0, child.start, child.end)
      return { ...child, value: `${child.end - child.start} bytes, not shown: a secret` }
    }),
  }
}
