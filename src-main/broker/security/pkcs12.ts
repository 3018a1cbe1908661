import { createPrivateKey, webcrypto } from 'node:crypto'
import { BmpString, OctetString } from 'asn1js'
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  CryptoEngine,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs'

/** Object identifiers of RFC 7292 and RFC 2985. */
const shroudedKeyBag = '1.2.840.113549.1.12.10.1.2'
const certificateBag = '1.2.840.113549.1.12.10.1.3'
const friendlyName = '1.2.840.113549.1.9.20'
const localKeyId = '1.2.840.113549.1.9.21'

const iterations = 10_000

export interface Stored {
  /** Java calls it the alias. */
  readonly name: string
  /** PEM. */
  readonly key: string
  /** DER: the certificate of the key, then those above it. */
  readonly chain: readonly Uint8Array[]
}

/** A PKCS #12 file (RFC 7292) with a key and its certificates: PBES2 with AES-256, HMAC with SHA-256, as `keytool` makes it. */
export async function pkcs12({ name, key, chain }: Stored, password: string): Promise<Buffer> {
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as typeof crypto })
  const secret = bytesOf(Buffer.from(password))
  const names = [
    new Attribute({ type: friendlyName, values: [new BmpString({ value: name })] }),
    // The same on key and certificate says that they belong together.
    new Attribute({ type: localKeyId, values: [new OctetString({ valueHex: Uint8Array.of(1).buffer })] }),
  ]
  const keyBag = new PKCS8ShroudedKeyBag({
    parsedValue: PrivateKeyInfo.fromBER(bytesOf(createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }))),
  })
  await keyBag.makeInternalValues(
    {
      password: secret,
      // The engine takes a random vector by itself; its type wants one all the same.
      contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new Uint8Array(16) },
      hmacHashAlgorithm: 'SHA-256',
      iterationCount: iterations,
    },
    engine,
  )
  const safeBags = [
    new SafeBag({ bagId: shroudedKeyBag, bagValue: keyBag, bagAttributes: names }),
    ...chain.map(
      (der, place) =>
        new SafeBag({
          bagId: certificateBag,
          bagValue: new CertBag({ parsedValue: Certificate.fromBER(bytesOf(der)) }),
          ...(place === 0 ? { bagAttributes: names } : {}),
        }),
    ),
  ]
  const authenticatedSafe = new AuthenticatedSafe({
    parsedValue: { safeContents: [{ privacyMode: 0, value: new SafeContents({ safeBags }) }] },
  })
  await authenticatedSafe.makeInternalValues({ safeContents: [{}] }, engine)
  const pfx = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } })
  const integrity = { password: secret, iterations, pbkdf2HashAlgorithm: 'SHA-256', hmacHashAlgorithm: 'SHA-256' }
  await pfx.makeInternalValues(integrity, engine)
  return Buffer.from(pfx.toSchema().toBER(false))
}

/** The package takes buffers that hold the bytes and nothing else. */
function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
