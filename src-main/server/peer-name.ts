import type { TLSSocket } from 'node:tls'
import { AsnConvert } from '@peculiar/asn1-schema'
import { type AttributeTypeAndValue, type AttributeValue, Certificate } from '@peculiar/asn1-x509'

/** Attributes that RFC 2253 names, by object identifier; Java's X500Principal.getName has these and no others by name. */
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

/** @param certificate DER (RFC 5280) */
export function subjectOf(certificate: Uint8Array): string {
  return subjectAttributes(certificate)
    .map((set) => set.map(attribute).join('+'))
    .join(',')
}

/** Attributes that X500Principal.toString has by name beside those (sun.security.x509.AVAKeyword). */
const moreKeywords: Readonly<Record<string, string>> = {
  ...keywords,
  '2.5.4.4': 'SURNAME',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GIVENNAME',
  '2.5.4.43': 'INITIALS',
  '2.5.4.44': 'GENERATION',
  '2.5.4.46': 'DNQ',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  '1.3.6.1.4.1.42.2.11.2.1': 'IP',
}

/**
 * The subject as Java puts it into sentences (X500Principal.toString): `CN=orders, OU="Shop, north"`.
 *
 * @param certificate DER (RFC 5280)
 */
export function subjectText(certificate: Uint8Array): string {
  return subjectAttributes(certificate)
    .map((set) => set.map(attributeText).join(' + '))
    .join(', ')
}

function attributeText({ type, value }: AttributeTypeAndValue): string {
  const text = textOf(value)
  const written = text === undefined ? `#${Buffer.from(AsnConvert.serialize(value)).toString('hex')}` : quoted(text)
  return `${moreKeywords[type] ?? `OID.${type}`}=${written}`
}

/** In quotes when it has signs that separate attributes, or spaces at an end or side by side (AVA.toKeywordValueString). */
function quoted(text: string): string {
  if (/^".*"$/s.test(text)) return text.replace(/(?!^)["\\](?!$)/gs, '\\$&')
  const needsQuotes = /[,+=\n<>#;\\"]|^ | $| {2}/.test(text)
  return needsQuotes ? `"${text.replace(/["\\]/g, '\\$&')}"` : text
}

/** Attributes of the subject, the last first; several may share a place. */
function subjectAttributes(certificate: Uint8Array): readonly (readonly AttributeTypeAndValue[])[] {
  return [...AsnConvert.parse(certificate, Certificate).tbsCertificate.subject].reverse()
}

/** What has no keyword, or is no text, is written as its DER in hexadecimal digits. */
function attribute({ type, value }: AttributeTypeAndValue): string {
  const keyword = keywords[type]
  const text = textOf(value)
  return keyword === undefined || text === undefined
    ? `${keyword ?? type}=#${Buffer.from(AsnConvert.serialize(value)).toString('hex')}`
    : `${keyword}=${escapeValue(text)}`
}

/** `undefined` for what is no text. */
function textOf(value: AttributeValue): string | undefined {
  return value.utf8String ?? value.printableString ?? value.teletexString ?? value.ia5String ?? value.bmpString
}

/** As sun.security.x509.AVA does it, which escapes more than RFC 2253 asks for. */
function escapeValue(value: string): string {
  return value
    .replace(/[,=+<>#;"\\]/g, '\\$&')
    .replace(/\0/g, '\\00')
    .replace(/^[ \r]+|[ \r]+$/g, (spaces) => [...spaces].map((space) => `\\${space}`).join(''))
}
