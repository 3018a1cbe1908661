import { usesSasl } from '../../base/security-protocol'
import { workspaceSettings } from '../../broker/config/configs'
import type { Core } from '../../broker/core'
import { clientAuthOf } from '../../broker/security/listener-configs'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { SecuredListener, SecurityView } from '../../contract/security'
import { parseListener, protocolOf } from '../../options/listener'
import type { StartFacts } from '../desk'

const listenersSetting = 'ottla.listeners'
const plaintextSetting = 'ottla.plaintext'

/** What is open, with what it asks of clients. */
export function listenerLines({ authentication, configs }: Core, start: StartFacts): SecuredListener[] {
  return start.listeners.map((line, i) => {
    const securityProtocol = protocolOf(line.securityProtocol) ?? 'PLAINTEXT'
    return {
      ...line,
      securityProtocol,
      mechanisms: usesSasl(securityProtocol) ? authentication.mechanisms(line.name) : [],
      clientAuth: clientAuthOf(configs, { name: line.name, securityProtocol }),
      isStored: isStored(line.name, i, start),
    }
  })
}

/** The first is the one of the port; that of containers has a setting of its own. */
function isStored(name: string, place: number, { decided }: StartFacts): boolean {
  return place > 0 && name !== 'CONTAINERS' && !decided.includes(listenersSetting)
}

/** What the workspace opens the next time. */
export function storedView(core: Core, { decided }: StartFacts): SecurityView['stored'] {
  const isFixed = decided.includes(listenersSetting) || decided.includes(plaintextSetting)
  return {
    listeners: storedTexts(core).flatMap((text) => parseListener(text) ?? []),
    plaintext: core.configs.overrides(workspaceSettings).get(plaintextSetting) !== 'false',
    fixed: isFixed ? 'Listeners were given when the broker was started; that wins.' : null,
  }
}

function storedTexts({ configs }: Core): string[] {
  const text = configs.overrides(workspaceSettings).get(listenersSetting) ?? ''
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

/** Counts the next time that the workspace is opened. @throws Error with a sentence */
export async function addListener(
  core: Core,
  { name, securityProtocol, port }: InputOf<Contract['security.listener.add']>,
  start: StartFacts,
): Promise<void> {
  if (!/^[A-Z0-9_]+$/.test(name)) throw new Error('A listener’s name is of capital letters, digits and _.')
  const stored = storedView(core, start).listeners
  // One that is open and was taken from the settings may be put back.
  const isFixed = start.listeners.some((line, i) => line.name === name && !isStored(name, i, start))
  if (isFixed || stored.some((other) => other.name === name)) {
    throw new Error(`There is a listener ${name} already; each has a name of its own.`)
  }
  const others = start.listeners.filter((line) => line.name !== name)
  const isTaken = others.some(({ addresses }) => addresses.some((address) => address.endsWith(`:${port}`)))
  if (isTaken || stored.some((other) => other.port === port)) throw new Error(`Port ${port} is another listener’s.`)
  const prefix = name === securityProtocol ? '' : `${name}=`
  await store(core, [...storedTexts(core), `${prefix}${securityProtocol.toLowerCase()}://localhost:${port}`])
}

/** @throws Error with a sentence */
export async function removeListener(core: Core, name: string, start: StartFacts): Promise<void> {
  const { listeners, plaintext } = storedView(core, start)
  if (!plaintext && listeners.length === 1) throw new Error('One listener must stay: keep PLAINTEXT first.')
  const left = storedTexts(core).filter((text) => parseListener(text)?.name !== name)
  await store(core, left)
}

async function store(core: Core, texts: readonly string[]): Promise<void> {
  core.configs.set(workspaceSettings, new Map([[listenersSetting, texts.length > 0 ? texts.join(', ') : null]]))
  await core.commits.settled
}

/** Whether the listener that asks for nothing is opened the next time. @throws Error with a sentence */
export async function setPlaintext(core: Core, on: boolean, start: StartFacts): Promise<void> {
  if (!on && storedView(core, start).listeners.length === 0) {
    throw new Error('One listener must stay: add another first.')
  }
  core.configs.set(workspaceSettings, new Map([[plaintextSetting, on ? null : 'false']]))
  await core.commits.settled
}
