import { createPrivateKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyAliasOf, privateKeyOf, trustedCertificates, trustStore } from '../../../src-main/security/jks'

/** `keytool -genkeypair -alias client -keyalg EC -storetype JKS -storepass changeit -keypass key-pass`, of Java 17. */
const base64 =
  '/u3+7QAAAAIAAAABAAAAAQAGY2xpZW50AAABoiyINBIAAAB/MH0wDgYKKwYBBAEqAhEBAQUABGtmmkL/KRcWFPby88z8zJ0GTfpDhuF+' +
  'rPTsZ6+YyXzvTYk1039EiGrzX41jUwWa17keFFNl6m43U79ptzFCYCKsBUE3jVzmy2zfHdEEHy471xLVbtCWqNmPOZcIM6z0Ydvw2s74' +
  'c8ImpIjbBQAAAAEABVguNTA5AAABOzCCATcwgd+gAwIBAgIIcVLCq1ycjSIwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAxMFYWxpY2UwIBcN' +
  'MjYxMTMwMTI1NzMyWhgPMjEyNjExMDYxMjU3MzJaMBAxDjAMBgNVBAMTBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAF06' +
  'XCmBVKukhigU5MXtySTK0o2SH8GP43Hj94IbEbsj090Kv2Se7jVRvj8kpWERgPog734tWcmpqaKtVg6cC6MhMB8wHQYDVR0OBBYEFFV2' +
  'ixXym1CoMS7dzpRgd5t0bdPLMAoGCCqGSM49BAMCA0cAMEQCIH7JIEGRodJ9OvIA+MuCE+SSYWBBGn28Bq0b4+tFmw8dAiBGetY9w7k4' +
  '2x7RJ5uxsJ4aivyon4WfI/ttW9G9QA+RhXZkyqdYK/E3X5zApTSUrILcdWXF'
const store = Buffer.from(base64, 'base64')

/** `keytool -genkeypair -keyalg RSA -keysize 1024 -dname CN=a`, its certificate. */
const rsaBase64 =
  'MIIBuTCCASKgAwIBAgIJAOLjK6CPtsXNMA0GCSqGSIb3DQEBCwUAMAwxCjAIBgNVBAMTAWEwIBcNMjYxMjAxMDYyNTA4WhgPMjEyNjExMDcwNj' +
  'I1MDhaMAwxCjAIBgNVBAMTAWEwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAMhmxNyxomFEbChovz0KJG2VvdF5bnMI9N61ArjIJLcSMjzb' +
  'nQE631F6eq81338CDHTIWJ10fUS0ejXdnMmlmHd6nFuNh0cx/u8K4ithrMpruPJ33a9TrIDBTCqq3TIg2G8yh5qW7DeiaLZQlczALJ014r5XOR' +
  'hKb2rcJcUI8w9nAgMBAAGjITAfMB0GA1UdDgQWBBTBjHGKR5BTcjGq/21DJIyILjy1SDANBgkqhkiG9w0BAQsFAAOBgQBs3j795sefKPqhnAbW' +
  'et5hUF7/5hEsrbhXSAo07AoLnuUFr3L5MYYCRChNrn3s9k1KaYHx9QVIahWGeldtnVOZEmbENNhN3StE8CfpQyd0M9iBfwJOjbVDRdl7hS1Dnj' +
  'Rr3q0pgBbXxs37wZhnGmrTP1AMUxRWq/p0nRwCv2FBPQ=='
const rsa = Buffer.from(rsaBase64, 'base64')

/** A store with keys of these aliases, which are not encrypted by anything. */
function keysOf(...entries: readonly (readonly [alias: string, certificate: Buffer])[]): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const text = (value: string) => Buffer.concat([number(value.length).subarray(2), Buffer.from(value)])
  const written = entries.map(([alias, certificate]) => {
    const chain = [number(1), text('X.509'), number(certificate.length), certificate]
    return Buffer.concat([number(1), text(alias), Buffer.alloc(8), number(1), Buffer.of(0), ...chain])
  })
  return Buffer.concat([number(0xfeedfeed), number(2), number(entries.length), ...written, Buffer.alloc(20)])
}

describe('a key store of Java (JKS)', () => {
  test('gives its private key and the certificate that goes with it', () => {
    const { alias, key, chain } = privateKeyOf(store, 'changeit', 'key-pass')
    expect([alias, chain.length]).toEqual(['client', 1])
    const certificate = new X509Certificate(chain[0] ?? '')
    expect(certificate.subject).toBe('CN=alice')
    expect(certificate.checkPrivateKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }))).toBe(true)
    // Without the password of the store the key is read, and the store is not checked.
    expect(privateKeyOf(store, undefined, 'key-pass').key).toEqual(key)
    expect(trustedCertificates(store)).toEqual([])
    expect(keyAliasOf(store)).toBe('client')
  })

  test('with several keys gives the one that a key manager of Java 17 takes', () => {
    const ec = privateKeyOf(store, undefined, 'key-pass').chain[0] as Buffer
    expect(keyAliasOf(keysOf(['two', ec], ['one', ec]))).toBe('one')
    expect(keyAliasOf(keysOf(['server1', rsa], ['mykey', rsa], ['zeta', rsa], ['alpha', rsa]))).toBe('zeta')
    // Its clients want EC before RSA.
    expect(keyAliasOf(keysOf(['rsa1', rsa], ['rsa0', rsa], ['ec1', ec], ['ec0', ec]))).toBe('ec1')
    expect(keyAliasOf(keysOf(['ec0', ec], ['rsa1', rsa]))).toBe('ec0')
  })

  test('with a wrong password says which one, and shows none', () => {
    expect(() => privateKeyOf(store, 'hush', 'key-pass')).toThrow(/^its password is wrong, or it was changed$/)
    expect(() => privateKeyOf(store, 'changeit', 'hush')).toThrow(/^the password of its private key is wrong$/)
    expect(() => privateKeyOf(store, 'changeit', '')).toThrow(/^the password of its private key is wrong$/)
  })

  test('that trusts certificates has no key', () => {
    const trust = trustStore('ca', Buffer.from('certificate'), 'changeit', 0)
    expect(trustedCertificates(trust)).toEqual([Buffer.from('certificate')])
    expect(() => privateKeyOf(trust, 'changeit', 'changeit')).toThrow('it holds no private key')
    expect(() => keyAliasOf(trust)).toThrow('it holds no private key')
  })

  test('that is damaged gives an error and no wrong key', () => {
    const { key } = privateKeyOf(store, undefined, 'key-pass')
    fc.assert(
      fc.property(fc.nat(store.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(store.length), (at, flip, end) => {
        const damaged = Buffer.from(store)
        damaged[at] = (damaged[at] as number) ^ flip
        let found: Buffer | undefined
        try {
          found = privateKeyOf(damaged.subarray(0, Math.max(end, at + 1)), undefined, 'key-pass').key
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
          expect((error as Error).message).toMatch(/JKS store|private key/)
        }
        if (found) expect(found).toEqual(key)
      }),
      { numRuns: 500 },
    )
  })
})
