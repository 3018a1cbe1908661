import { createHash, X509Certificate } from 'node:crypto'
import { inHashMapOrder, javaHash } from '../base/java-hash'

const magic = 0xfeedfeed
const version = 2
const trustedCertificate = 2
const salt = 'Mighty Aphrodite'
const sha1Bytes = 20
/** 1.3.6.1.4.1.42.2.17.1.1, in DER: the protection that a JKS has for private keys. */
const keyProtector = Buffer.from('060a2b060104012a02110101', 'hex')

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
  return Buffer.concat([store, digestOf(store, password)])
}

/** The alias of the private key of a JKS that Java takes, which needs no password. @throws Error when the bytes are not a JKS, or hold no private key */
export function keyAliasOf(store: Buffer): string {
  return chosenKey(entriesOf(store)).alias
}

/** A private key with the certificates that go with it, its own first. */
export interface JksIdentity {
  readonly alias: string
  /** PKCS #8, in DER. */
  readonly key: Buffer
  /** DER. */
  readonly chain: readonly Buffer[]
}

interface Entries {
  readonly trusted: readonly Buffer[]
  readonly keys: readonly { readonly alias: string; readonly protectedKey: Buffer; readonly chain: readonly Buffer[] }[]
  /** Bytes before the digest. */
  readonly size: number
}

/**
 * The certificates that a JKS trusts, as DER. They are not encrypted; its private keys are, and are passed over.
 *
 * @throws Error when the bytes are not a JKS
 */
export function trustedCertificates(store: Buffer): readonly Buffer[] {
  return entriesOf(store).trusted
}

/**
 * The private key of a JKS that Java takes, with its certificates.
 *
 * @param keyPassword of the key; keytool takes that of the store where none is given
 * @throws Error that shows no secret: not a JKS, no key in it, or a wrong password
 */
export function privateKeyOf(store: Buffer, storePassword: string | undefined, keyPassword: string): JksIdentity {
  const { keys, size } = entriesOf(store)
  if (storePassword !== undefined && !digestOf(store.subarray(0, size), storePassword).equals(store.subarray(size))) {
    throw new Error('its password is wrong, or it was changed')
  }
  const { alias, protectedKey, chain } = chosenKey({ keys })
  return { alias, key: unprotected(protectedKey, keyPassword), chain }
}

/** Types of keys in the order in which clients want them, so that of several types a server of Java shows the first (RFC 8446, 4.2.3). */
const wantedTypes: readonly (string | undefined)[] = ['ec', 'ed25519', 'ed448', 'rsa', 'rsa-pss', 'dsa']

/** Of several keys of one type Java takes the first in its hash map by alias (SunX509KeyManagerImpl). */
function chosenKey({ keys }: Pick<Entries, 'keys'>): Entries['keys'][number] {
  const inOrder = inHashMapOrder(
    keys.filter(({ chain }) => chain.length > 0),
    ({ alias }) => javaHash(alias.toLowerCase()),
  )
  const [first] = inOrder.length < 2 ? inOrder : inOrder.toSorted((a, b) => typeRank(a) - typeRank(b))
  if (!first) throw new Error('it holds no private key')
  return first
}

function typeRank({ chain }: Entries['keys'][number]): number {
  const type = chain[0] && new X509Certificate(chain[0]).publicKey.asymmetricKeyType
  const rank = wantedTypes.indexOf(type)
  return rank < 0 ? wantedTypes.length : rank
}

function entriesOf(store: Buffer): Entries {
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
  const trusted: Buffer[] = []
  const keys: Entries['keys'][number][] = []
  for (let left = number(); left > 0; left--) {
    const tag = number()
    const alias = text()
    take(8)
    if (tag === trustedCertificate) {
      trusted.push(certificate())
      continue
    }
    const protectedKey = take(number())
    const chain: Buffer[] = []
    for (let more = number(); more > 0; more--) chain.push(certificate())
    keys.push({ alias, protectedKey, chain })
  }
  return { trusted, keys, size: at }
}

/** SHA-1 over the password, a salt that is always the same, and the store. */
function digestOf(store: Uint8Array, password: string): Buffer {
  return createHash('sha1').update(utf16(password)).update(salt).update(store).digest()
}

/**
 * Removes the protection of sun.security.provider.KeyProtector: a random salt of 20 bytes; the key, combined by exclusive or with SHA-1 of the
 * password and the block before; SHA-1 of the password and the key, which tells a wrong password. An EncryptedPrivateKeyInfo (RFC 5208) holds it.
 */
function unprotected(protectedKey: Buffer, password: string): Buffer {
  const bytes = octetsOf(protectedKey)
  if (bytes.length <= 2 * sha1Bytes) throw new Error('its private key is cut off')
  const secret = utf16(password)
  const [encrypted, check] = [bytes.subarray(sha1Bytes, -sha1Bytes), bytes.subarray(-sha1Bytes)]
  const key = Buffer.alloc(encrypted.length)
  let block: Buffer = bytes.subarray(0, sha1Bytes)
  for (let at = 0; at < key.length; at += sha1Bytes) {
    block = createHash('sha1').update(secret).update(block).digest()
    for (let i = 0; i < sha1Bytes && at + i < key.length; i++) {
      key[at + i] = (encrypted[at + i] as number) ^ (block[i] as number)
    }
  }
  if (!createHash('sha1').update(secret).update(key).digest().equals(check)) {
    throw new Error('the password of its private key is wrong')
  }
  return key
}

/** The octets of an EncryptedPrivateKeyInfo: SEQUENCE { AlgorithmIdentifier, OCTET STRING }. */
function octetsOf(der: Buffer): Buffer {
  const outer = elementAt(der, 0, 0x30)
  const algorithm = elementAt(der, outer.begin, 0x30)
  if (!der.subarray(algorithm.begin, algorithm.end).includes(keyProtector)) {
    throw new Error('its private key is protected in a way that is not known here')
  }
  const { begin, end } = elementAt(der, algorithm.end, 0x04)
  return der.subarray(begin, end)
}

/** Where the content of a DER element is. */
function elementAt(der: Buffer, at: number, tag: number): { readonly begin: number; readonly end: number } {
  const first = der[at + 1] ?? 0
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const begin = at + 2 + lengthBytes
  if (der[at] !== tag || lengthBytes > 4 || begin > der.length) throw new Error('its private key cannot be read')
  const end = begin + (lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes))
  if (end > der.length) throw new Error('its private key is cut off')
  return { begin, end }
}

function utf16(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16()
}
