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
