import { readFileSync } from 'node:fs'
import { keyAliasOf, privateKeyOf, trustedCertificates } from '../../security/jks'
import type { TlsSettings } from '../settings'
import { pkcs12Certificates, pkcs12KeyAlias } from './pkcs12'
import { SettingsError } from './properties'

export type TlsMaterial = TlsSettings['material']

/** Trusted authorities, some of which are read when the first connection is opened. */
export type Trusted = Pick<TlsSettings, 'material' | 'trusted'>

/** The forms of key and trust stores, told by their first bytes: `keytool` writes PKCS12 into files called `.jks`. */
type StoreForm = 'pem' | 'jks' | 'pkcs12' | 'unknown'

function formOf(bytes: Buffer): StoreForm {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeedfeed) return 'jks'
  if (bytes[0] === 0x30) return 'pkcs12'
  return bytes.includes('-----BEGIN ') ? 'pem' : 'unknown'
}

/** @throws SettingsError when the file cannot be read */
export function readFileOf(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new SettingsError(`${setting} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Certificates that are trusted, from a store of any form. @throws SettingsError */
export function trustStoreOf(setting: string, path: string, password: string | undefined): Trusted {
  const bytes = readFileOf(setting, path)
  switch (formOf(bytes)) {
    case 'pem':
      return { material: { ca: bytes.toString('utf8') } }
    case 'jks': {
      try {
        return { material: { ca: trustedCertificates(bytes).map(certificatePem) } }
      } catch (error) {
        throw new SettingsError(`${setting}: ${error instanceof Error ? error.message : String(error)}.`)
      }
    }
    case 'pkcs12':
      return {
        material: {},
        trusted: once(async () => (await pkcs12Certificates(setting, bytes, password ?? '')).map(certificatePem)),
      }
    case 'unknown':
      throw new SettingsError(`${setting} is neither PEM, JKS nor PKCS12.`)
  }
}

/** A client certificate with its key, from a store. @throws SettingsError */
export function keyStoreOf(
  setting: string,
  path: string,
  { store, key }: { readonly store: string | undefined; readonly key: string | undefined },
): TlsMaterial {
  const bytes = readFileOf(setting, path)
  // Java: the password of the key is by default that of the store.
  const password = key ?? store
  switch (formOf(bytes)) {
    case 'pem': {
      const pem = bytes.toString('utf8')
      return { cert: pem, key: pem, ...optionalPassphrase(password) }
    }
    case 'pkcs12':
      // Here the password of the store opens the key too.
      return { pfx: bytes, ...optionalPassphrase(store ?? key) }
    case 'jks':
      return jksIdentity(setting, bytes, store, password)
    case 'unknown':
      throw new SettingsError(`${setting} is neither PEM, JKS nor PKCS12.`)
  }
}

/** The alias of the private key of a store, in lower case as Java's stores have it; Kafka has `kafka` for that of a PEM file. */
export async function keyAlias(bytes: Buffer): Promise<string> {
  const form = formOf(bytes)
  if (form === 'jks') return keyAliasOf(bytes).toLowerCase()
  return form === 'pkcs12' ? (await pkcs12KeyAlias(bytes)).toLowerCase() : 'kafka'
}

function optionalPassphrase(passphrase: string | undefined): Pick<TlsMaterial, 'passphrase'> {
  return passphrase === undefined ? {} : { passphrase }
}

function jksIdentity(
  setting: string,
  bytes: Buffer,
  storePassword: string | undefined,
  keyPassword: string | undefined,
): TlsMaterial {
  if (keyPassword === undefined) {
    throw new SettingsError(`${setting} is a JKS store: set its password, with which its key is encrypted.`)
  }
  try {
    const { key, chain } = privateKeyOf(bytes, storePassword, keyPassword)
    return { cert: chain.map(certificatePem).join(''), key: pemOf('PRIVATE KEY', key) }
  } catch (error) {
    throw new SettingsError(`${setting} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Asked for by every connection, and read once. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined
  return () => (known ??= read())
}

function certificatePem(der: Uint8Array): string {
  return pemOf('CERTIFICATE', der)
}

function pemOf(label: 'CERTIFICATE' | 'PRIVATE KEY', der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines.trimEnd()}\n-----END ${label}-----\n`
}
