import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { ListenerSource } from '../source/security'

/** Takes effect when the workspace is opened the next time. @throws Error with a sentence */
export async function addListener(
  source: ListenerSource,
  { name, securityProtocol, port }: InputOf<Contract['security.listener.add']>,
): Promise<void> {
  if (!/^[A-Z0-9_]+$/.test(name)) {
    throw new Error('The name of a listener can only have capital letters, digits and _.')
  }
  const [open, { listeners: stored }] = await Promise.all([source.listeners(), source.stored()])
  // One that is open and was removed from the settings may be put back.
  const isTaken = open.some((line) => line.name === name && !line.isStored)
  if (isTaken || stored.some((other) => other.name === name)) {
    throw new Error(`There is a listener ${name} already; choose another name.`)
  }
  const others = open.filter((line) => line.name !== name)
  const isInUse = others.some(({ addresses }) => addresses.some((address) => address.endsWith(`:${port}`)))
  if (isInUse || stored.some((other) => other.port === port)) {
    throw new Error(`Port ${port} belongs to another listener; choose another port.`)
  }
  const prefix = name === securityProtocol ? '' : `${name}=`
  const text = `${prefix}${securityProtocol.toLowerCase()}://localhost:${port}`
  await source.store({ listeners: [...(await source.storedTexts()), text] })
}

/** @throws Error with a sentence */
export async function removeListener(source: ListenerSource, name: string): Promise<void> {
  const [{ listeners, plaintext }, texts] = await Promise.all([source.stored(), source.storedTexts()])
  if (!plaintext && listeners.length === 1) {
    throw new Error('One listener must stay: turn PLAINTEXT on again before you remove this one.')
  }
  await source.store({ listeners: texts.filter((text) => nameOf(text) !== name) })
}

/** `OWN=sasl_ssl://localhost:9094`, `ssl://localhost:9093` */
function nameOf(text: string): string {
  const [, name, protocol] = /^(?:(\w+)=)?(\w+):/.exec(text) ?? []
  return (name ?? protocol ?? '').toUpperCase()
}

/** Whether the PLAINTEXT listener is opened the next time. @throws Error with a sentence */
export async function setPlaintext(source: ListenerSource, on: boolean): Promise<void> {
  if (!on && (await source.stored()).listeners.length === 0) {
    throw new Error('One listener must stay: add another one first.')
  }
  await source.store({ plaintext: on })
}
