import { webcrypto } from 'node:crypto'
import type { BmpString, OctetString } from 'asn1js'
import { SettingsError } from './properties'

/** Bags of RFC 7292, 4.2. */
const keyBags: readonly string[] = ['1.2.840.113549.1.12.10.1.1', '1.2.840.113549.1.12.10.1.2']
const certificateBag = '1.2.840.113549.1.12.10.1.3'
/** Content that is not encrypted as a whole (RFC 5652): private keys lie in it, each encrypted for itself. */
const plainContent = '1.2.840.113549.1.7.1'
/** What Java calls the alias (RFC 2985). */
const friendlyName = '1.2.840.113549.1.9.20'

/** The alias of the private key of a PKCS #12 store, which needs no password; `1` where it has none (PKCS12KeyStore). @throws Error when it is no such store */
export async function pkcs12KeyAlias(bytes: Uint8Array): Promise<string> {
  const { AuthenticatedSafe, PFX, SafeContents } = await import('pkijs')
  const octets = (content: unknown) => (content as OctetString).getValue()
  const safe = AuthenticatedSafe.fromBER(octets(PFX.fromBER(new Uint8Array(bytes).buffer).authSafe.content))
  for (const { contentType, content } of safe.safeContents) {
    if (contentType !== plainContent) continue
    const key = SafeContents.fromBER(octets(content)).safeBags.find(({ bagId }) => keyBags.includes(bagId))
    const name = key?.bagAttributes?.find(({ type }) => type === friendlyName)?.values[0] as BmpString | undefined
    if (key) return name?.valueBlock.value ?? '1'
  }
  return '1'
}

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
