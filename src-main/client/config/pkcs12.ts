import { webcrypto } from 'node:crypto'
import type { OctetString } from 'asn1js'
import { SettingsError } from './properties'

/** The bag of a certificate (RFC 7292, 4.2.3). */
const certificateBag = '1.2.840.113549.1.12.10.1.3'

/**
 * The certificates of a PKCS #12 store, as DER: what `keytool` of Java 9 and later keeps trusted certificates in.
 *
 * @throws SettingsError with a sentence that shows no secret
 */
export async function pkcs12Certificates(setting: string, bytes: Uint8Array, password: string): Promise<Uint8Array[]> {
  // Most clients have no such store: what reads it is loaded when it is needed.
  const { CertBag, CryptoEngine, PFX } = await import('pkijs')
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as typeof crypto })
  const secret = new Uint8Array(Buffer.from(password)).buffer
  try {
    const store = PFX.fromBER(new Uint8Array(bytes).buffer)
    await store.parseInternalValues({ password: secret, checkIntegrity: true }, engine)
    const safe = store.parsedValue?.authenticatedSafe
    if (!safe) throw new Error('it holds nothing')
    await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password: secret })) }, engine)
    const contents = safe.parsedValue.safeContents as readonly {
      readonly value: { readonly safeBags: readonly { readonly bagId: string; readonly bagValue: unknown }[] }
    }[]
    const found = contents.flatMap(({ value }) =>
      value.safeBags.flatMap(({ bagId, bagValue }) =>
        bagId === certificateBag && bagValue instanceof CertBag
          ? [new Uint8Array((bagValue.certValue as OctetString).valueBlock.valueHexView)]
          : [],
      ),
    )
    if (found.length === 0) throw new Error('it holds no certificate')
    return found
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new SettingsError(
      `${setting} is a PKCS12 store that cannot be read: ${why.replace(/\.$/, '')}. Is its password right? A store of Java before 17 may use ciphers of old: keytool -importkeystore makes a new one.`,
    )
  }
}
