import { useState } from 'react'
import { type SecurityProtocol, type SecurityView, securityProtocols } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Choice, Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import css from './security.module.css'

const firstPort = 9093

/** A further listener, on localhost, from the next time on that the workspace is opened. */
export function AddListener({ view }: { readonly view: SecurityView }) {
  const { listeners, stored } = view
  const [protocol, setProtocol] = useState<SecurityProtocol>('SASL_SSL')
  const [name, setName] = useState<string | null>(null)
  const [port, setPort] = useState<string | null>(null)
  const names = [...listeners, ...stored.listeners].map((listener) => listener.name)
  const taken = [
    ...listeners.flatMap(({ addresses }) => addresses.map((address) => Number(/:(\d+)$/.exec(address)?.[1]))),
    ...stored.listeners.map((listener) => listener.port),
  ]
  let free = firstPort
  while (taken.includes(free)) free++
  const freePort = String(free)
  let freeName: string = protocol
  for (let i = 2; names.includes(freeName); i++) freeName = `${protocol}_${i}`
  const listener = { name: name ?? freeName, securityProtocol: protocol, port: Number(port ?? freePort) }
  const add = async () => {
    const done = `${listener.name} opens when the workspace is opened the next time.`
    if (!(await attempt(() => ask('security.listener.add', listener), done))) return
    setName(null)
    setPort(null)
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <Labelled label="Protocol">
        <Choice value={protocol} onChange={(event) => setProtocol(event.target.value as SecurityProtocol)}>
          {securityProtocols.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="Name">
        <Field value={listener.name} onChange={(event) => setName(event.target.value.toUpperCase())} />
      </Labelled>
      <Labelled label="Port on localhost">
        <Field
          type="number"
          min={1}
          max={65_535}
          value={port ?? freePort}
          onChange={(event) => setPort(event.target.value)}
        />
      </Labelled>
      <Button look="primary" type="submit" disabled={stored.fixed !== null}>
        Add listener
      </Button>
      <span className="quiet">
        {stored.fixed ?? 'On localhost, from the next time on that the workspace is opened.'}
      </span>
    </form>
  )
}
