import { createHash } from 'node:crypto'

const magic = 0xfeedfeed
const version = 2
const trustedCertificate = 2
const salt = 'Mighty Aphrodite'

/**
 * A Java key store (JKS) that trusts one certificate: what `ssl.truststore.location` of a Java client takes. The format is the one of
 * sun.security.provider.JavaKeyStore; trust stores hold no secret, the password only guards them against mistakes.
 *
 * @param certificate DER
 */
export function trustStore(alias: string, certificate: Uint8Array, password: string, at: number): Buffer {
  const numbers = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(4 * values.length)
    for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
    return bytes
  }
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const time = Buffer.alloc(8)
  time.writeBigInt64BE(BigInt(at))
  const store = Buffer.concat([
    numbers(magic, version, 1, trustedCertificate),
    text(alias),
    time,
    text('X.509'),
    numbers(certificate.byteLength),
    certificate,
  ])
  const secret = Buffer.from(password, 'utf16le').swap16()
  const digest = createHash('sha1').update(secret).update(salt).update(store).digest()
  return Buffer.concat([store, digest])
}
