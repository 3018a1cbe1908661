import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { clientExchange } from '../../../src-main/security/client-exchange'
import { regionOf } from '../../../src-main/security/msk-iam'

const host = 'b-1.shop.abc123.c2.kafka.eu-west-1.amazonaws.com'
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const now = () => Date.UTC(2026, 0, 2, 3, 4, 5)

async function first(change: { sessionToken?: string | null; region?: string | null; host?: string } = {}) {
  const { sessionToken = null, region = null } = change
  const exchange = clientExchange(
    { mechanism: 'AWS_MSK_IAM', ...keys, sessionToken, region },
    { host: change.host ?? host, userAgent: 'ottla', now },
  )
  return { exchange, message: JSON.parse(String(await exchange.first())) as Record<string, string> }
}

/** The signature of a presigned GET /, by the steps of "Signature Version 4" in Amazon's documentation. */
function signatureOf(fields: Readonly<Record<string, string>>, region: string): string {
  const day = fields['X-Amz-Date']?.slice(0, 8) ?? ''
  const query = Object.keys(fields)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(fields[name] ?? '')}`)
    .join('&')
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const canonical = ['GET', '/', query, `host:${host}\n`, 'host', sha256('')].join('\n')
  const scope = `${day}/${region}/kafka-cluster/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', fields['X-Amz-Date'], scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region), 'kafka-cluster'), 'aws4_request')
  return hmac(key, toSign).toString('hex')
}

describe('AWS_MSK_IAM', () => {
  test.each([[null], ['token/of+a=role']])(
    'signs for the broker, as Amazon documents it (session %s)',
    async (token) => {
      const { message } = await first({ sessionToken: token })
      const fields = {
        Action: 'kafka-cluster:Connect',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': 'AKIDEXAMPLE/20260102/eu-west-1/kafka-cluster/aws4_request',
        'X-Amz-Date': '20260102T030405Z',
        'X-Amz-Expires': '300',
        'X-Amz-SignedHeaders': 'host',
        ...(token === null ? {} : { 'X-Amz-Security-Token': token }),
      }
      expect(message).toEqual({
        version: '2020_10_22',
        host,
        'user-agent': 'ottla',
        ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value])),
        'x-amz-signature': signatureOf(fields, 'eu-west-1'),
      })
    },
  )

  test('takes the region from the name of the broker, else from the settings', async () => {
    expect(regionOf('boot-x.c1.kafka-serverless.us-east-2.amazonaws.com')).toBe('us-east-2')
    expect(regionOf('b-1.a.b.kafka.cn-north-1.amazonaws.com.cn')).toBe('cn-north-1')
    const { message } = await first({ host: 'kafka.internal', region: 'eu-north-1' })
    expect(message['x-amz-credential']).toContain('/eu-north-1/kafka-cluster/')
    await expect(first({ host: 'kafka.internal' })).rejects.toThrow('set AWS_REGION')
  })

  test('an empty answer is no authentication', async () => {
    const { exchange } = await first()
    expect(exchange.next(Buffer.from('{"version":"2020_10_22","request-id":"1"}'))).toBeNull()
    expect(() => exchange.next(Buffer.alloc(0))).toThrow('the broker sent no answer to the signature')
  })
})
