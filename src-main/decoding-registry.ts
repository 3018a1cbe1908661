import { readFileSync } from 'node:fs'
import { readProperties, SettingsError } from './client/config/properties'
import { trustStoreOf } from './client/config/stores'
import { type RegistryAccess, registryUrl } from './desk/chosen-registry/access'

/**
 * The registry that a configuration of Java's serializers names (`schema.registry.url`, `basic.auth.user.info`, `bearer.auth.token`,
 * `schema.registry.ssl.truststore.location`); `null` when it names none.
 *
 * @throws SettingsError with a sentence that shows no secret
 */
export function decodingRegistryOf(file: string): RegistryAccess | null {
  return decodingRegistryFrom(propertiesOf(file), file)
}

function propertiesOf(file: string): ReadonlyMap<string, string> {
  try {
    return readProperties(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new SettingsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** As `decodingRegistryOf`, of settings that were read `from` somewhere. @throws SettingsError */
export function decodingRegistryFrom(properties: ReadonlyMap<string, string>, from: string): RegistryAccess | null {
  const take = (name: string) => properties.get(name) ?? properties.get(`schema.registry.${name}`) ?? null
  const [address] = (properties.get('schema.registry.url') ?? '').split(',')
  if (address === undefined || address.trim() === '') return null
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined
  const inUrl =
    url && url.username !== '' ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : null
  if (url) {
    url.username = ''
    url.password = ''
  }
  const store = properties.get('schema.registry.ssl.truststore.location')
  const ca = store === undefined ? undefined : authorities(store)
  try {
    return {
      url: registryUrl(url?.href ?? address),
      basic: take('basic.auth.user.info') ?? inUrl,
      bearer: take('bearer.auth.token'),
      ca: ca === undefined ? null : [ca].flat().join('\n'),
    }
  } catch (error) {
    throw new SettingsError(`${from}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** @throws SettingsError also for a PKCS12 store, which takes time to read */
function authorities(store: string) {
  const setting = 'schema.registry.ssl.truststore.location'
  const { material, trusted } = trustStoreOf(setting, store, undefined)
  if (!trusted) return material.ca
  throw new SettingsError(
    `${setting} is a PKCS12 store, which is not read for a registry. Convert it: keytool -exportcert -rfc -alias NAME -keystore ${store} > ca.pem, and set the location of ca.pem.`,
  )
}
