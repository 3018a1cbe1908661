import { readFileSync } from 'node:fs'
import { readProperties, SettingsError } from './client/config/properties'
import { keyStoreOf, trustStoreOf } from './client/config/stores'
import { type RegistryAccess, registryUrl } from './desk/chosen-registry/access'

/**
 * The registry that a configuration of Java's serializers names (`schema.registry.url`, `basic.auth.user.info`, `bearer.auth.token`, and
 * `ssl.truststore.location`, `ssl.keystore.location` with their passwords behind `schema.registry.`); `null` when it names none.
 *
 * @throws SettingsError with a sentence that shows no secret
 */
export async function decodingRegistryOf(file: string): Promise<RegistryAccess | null> {
  return await decodingRegistryFrom(propertiesOf(file), file)
}

function propertiesOf(file: string): ReadonlyMap<string, string> {
  try {
    return readProperties(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new SettingsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** As `decodingRegistryOf`, of settings that were read `from` somewhere. @throws SettingsError */
export async function decodingRegistryFrom(
  properties: ReadonlyMap<string, string>,
  from: string,
): Promise<RegistryAccess | null> {
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
  const tls = (name: string) => properties.get(`schema.registry.ssl.${name}`)
  const identity = identityOf(tls)
  const ca = await authorities(tls)
  try {
    return {
      url: registryUrl(url?.href ?? address),
      basic: take('basic.auth.user.info') ?? inUrl,
      bearer: take('bearer.auth.token'),
      ca,
      ...(identity ? { identity } : {}),
    }
  } catch (error) {
    throw new SettingsError(`${from}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

type Take = (name: string) => string | undefined

/** Trusted certificates in PEM; null: those of the system. @throws SettingsError */
async function authorities(tls: Take): Promise<string | null> {
  const location = tls('truststore.location')
  if (location === undefined) return null
  const { material, trusted } = trustStoreOf(
    'schema.registry.ssl.truststore.location',
    location,
    tls('truststore.password'),
  )
  const found = trusted ? await trusted() : material.ca
  return found === undefined ? null : [found].flat().join('\n')
}

/** The certificate that this app shows to the registry, with its key. @throws SettingsError */
function identityOf(tls: Take): RegistryAccess['identity'] {
  const location = tls('keystore.location')
  if (location === undefined) return undefined
  const passwords = { store: tls('keystore.password'), key: tls('key.password') }
  return keyStoreOf('schema.registry.ssl.keystore.location', location, passwords)
}
