import type { TLSSocket } from 'node:tls'

/** Attributes that RFC 2253 names, by object identifier; Java's X500Principal prints these and no others by name. */
const keywords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}

/**
 * Subject of the certificate that the client showed and that our authorities signed, as Kafka's
 * SslPrincipalMapper gets it: RFC 2253, the last attribute first, e.g. `CN=orders,OU=Shop,O=Example`.
 */
export function distinguishedName(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined
  const { raw } = socket.getPeerCertificate()
  return raw ? subjectOf(raw) : undefined
}

/** One value of ASN.1 (DER). */
interface Value {
  readonly tag: number
  readonly content: Buffer
  /** With tag and length. */
  readonly whole: Buffer
}

const explicitVersion = 0xa0
/** Behind the version stand serial number, algorithm, issuer and validity. */
const beforeSubject = 4

/** @param certificate DER (RFC 5280) */
export function subjectOf(certificate: Buffer): string {
  const [whole] = valuesOf(certificate)
  const [signed] = valuesOf(whole?.content)
  const fields = valuesOf(signed?.content)
  const subject = fields[beforeSubject + (fields[0]?.tag === explicitVersion ? 1 : 0)]
  return valuesOf(subject?.content)
    .map((set) => valuesOf(set.content).map(attribute).join('+'))
    .reverse()
    .join(',')
}

function attribute({ content }: Value): string {
  const [type, value] = valuesOf(content)
  if (!type || !value) return ''
  const identifier = identifierOf(type.content)
  const keyword = keywords[identifier]
  const text = textOf(value)
  return keyword === undefined || text === undefined
    ? `${keyword ?? identifier}=#${value.whole.toString('hex')}`
    : `${keyword}=${escapeValue(text)}`
}

function valuesOf(bytes: Buffer = Buffer.alloc(0)): Value[] {
  const values: Value[] = []
  for (let at = 0; at + 1 < bytes.length; ) {
    const first = bytes[at + 1] ?? 0
    const more = first > 0x7f ? first & 0x7f : 0
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
    const start = at + 2 + more
    values.push({
      tag: bytes[at] ?? 0,
      content: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    })
    at = start + length
  }
  return values
}

function identifierOf(bytes: Buffer): string {
  const parts: number[] = []
  let part = 0
  for (const byte of bytes) {
    part = part * 128 + (byte & 0x7f)
    if (byte > 0x7f) continue
    parts.push(part)
    part = 0
  }
  const [head = 0, ...rest] = parts
  const root = Math.min(2, Math.floor(head / 40))
  return [root, head - root * 40, ...rest].join('.')
}

/** `undefined` for what is no text. */
function textOf({ tag, content }: Value): string | undefined {
  const [utf8, printable, teletex, ia5, bmp] = [12, 19, 20, 22, 30]
  if (tag === utf8) return content.toString('utf8')
  if (tag === printable || tag === teletex || tag === ia5) return content.toString('latin1')
  return tag === bmp ? Buffer.from(content).swap16().toString('utf16le') : undefined
}

/** As sun.security.x509.AVA does it, which escapes more than RFC 2253 asks for. */
function escapeValue(value: string): string {
  return value
    .replace(/[,=+<>#;"\\]/g, '\\$&')
    .replace(/\0/g, '\\00')
    .replace(/^[ \r]+|[ \r]+$/g, (spaces) => [...spaces].map((space) => `\\${space}`).join(''))
}
