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

/**
 * The certificates that a JKS trusts, as DER. They are not encrypted; its private keys are, and are passed over.
 *
 * @throws Error when the bytes are not a JKS
 */
export function trustedCertificates(store: Buffer): Buffer[] {
  let at = 0
  const take = (count: number) => {
    if (count < 0 || count > store.length - at) throw new Error('the JKS store is cut off')
    at += count
    return store.subarray(at - count, at)
  }
  const number = () => take(4).readUInt32BE(0)
  const text = () => take(take(2).readUInt16BE(0)).toString('utf8')
  if (number() !== magic) throw new Error('this is not a JKS store')
  const form = number()
  const certificate = () => {
    // Version 1 has no type in front of a certificate.
    if (form >= version) text()
    return take(number())
  }
  const found: Buffer[] = []
  for (let left = number(); left > 0; left--) {
    const tag = number()
    text()
    take(8)
    if (tag === trustedCertificate) {
      found.push(certificate())
      continue
    }
    take(number())
    for (let chain = number(); chain > 0; chain--) certificate()
  }
  return found
}
