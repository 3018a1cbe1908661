import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { type ClientExchange, SaslError } from './sasl-exchange'

/** An identity of AWS that signs. */
export interface AwsIdentity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials; null for those of a user. */
  readonly sessionToken: string | null
}

export interface MskIamOptions {
  /** The name of the broker, without its port: it is part of what is signed. */
  readonly host: string
  /** Where the name of the broker does not tell it. */
  readonly region: string | null
  readonly userAgent: string
  readonly now: () => number
}

/** Time for which a signature holds, in s (aws-msk-iam-auth: 15 min; franz-go: 5 min). */
const expiresInS = 300

/**
 * AWS_MSK_IAM: the first message is JSON with the query of a presigned `GET /?Action=kafka-cluster:Connect` (Signature Version 4), by its names
 * in lower case (aws-msk-iam-auth: AWS4SignedPayloadGenerator, AuthenticationRequestParams).
 */
export function mskIamClient(identity: AwsIdentity, options: MskIamOptions): ClientExchange {
  return {
    first: () => signed(identity, options),
    next(challenge) {
      if (challenge.length === 0) throw new SaslError('the broker sent no answer to the signature')
      return null
    },
  }
}

async function signed(
  { accessKeyId, secretAccessKey, sessionToken }: AwsIdentity,
  { host, region, userAgent, now }: MskIamOptions,
): Promise<Buffer> {
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region: regionOf(host) ?? region ?? noRegion(host),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) },
    sha256: Sha256,
  })
  const action = 'kafka-cluster:Connect'
  const request = {
    method: 'GET',
    protocol: 'kafka:',
    hostname: host,
    path: '/',
    query: { Action: action },
    headers: { host },
  }
  const { query = {} } = await signer.presign(request, { expiresIn: expiresInS, signingDate: new Date(now()) })
  const fields = Object.entries(query).map(([name, value]) => [name.toLowerCase(), String(value)])
  return Buffer.from(
    JSON.stringify({ version: '2020_10_22', host, 'user-agent': userAgent, ...Object.fromEntries(fields) }),
  )
}

/** `b-1.shop.abc.c2.kafka.eu-west-1.amazonaws.com`: eu-west-1 */
export function regionOf(host: string): string | null {
  return /\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1] ?? null
}

function noRegion(host: string): never {
  throw new SaslError(`the name ${host} tells no region of AWS: set AWS_REGION`)
}

/** What the signer hashes with: HMAC where it has a key. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('a hash is used once')
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}
