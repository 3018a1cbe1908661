import { type SecurityProtocol, type SecurityView, securityProtocols } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import css from './security.module.css'
import { texts } from './texts'

const firstPort = 9093

/** Adds a listener on localhost; it opens after a restart of the broker. */
export function AddListener({ view }: { readonly view: SecurityView }) {
  const { listeners, stored } = view
  const [protocol, setProtocol] = useDraft<SecurityProtocol>('security listener protocol', 'SASL_SSL')
  const [name, setName] = useDraft<string | null>('security listener name', null)
  const [port, setPort] = useDraft<string | null>('security listener port', null)
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
  const form = useFormAction()
  const add = async () => {
    if (!(await form.run(() => change('security.listener.add', listener)))) return
    notify({ kind: 'done', text: texts.listeners.added(listener.name) })
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
      <Labelled label={texts.listeners.protocol}>
        <Choice value={protocol} onChange={(event) => setProtocol(event.target.value as SecurityProtocol)}>
          {securityProtocols.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label={texts.listeners.name}>
        <Field value={listener.name} onChange={(event) => setName(event.target.value.toUpperCase())} />
      </Labelled>
      <Labelled label={texts.listeners.port}>
        <Field
          type="number"
          min={1}
          max={65_535}
          value={port ?? freePort}
          onChange={(event) => setPort(event.target.value)}
        />
      </Labelled>
      <Button look="primary" type="submit" needs="security.listener.add" disabled={stored.fixed !== null}>
        {texts.listeners.add}
      </Button>
      {form.problem === null ? (
        <span className="quiet">{stored.fixed ?? texts.listeners.note}</span>
      ) : (
        <Problem text={form.problem} />
      )}
    </form>
  )
}
