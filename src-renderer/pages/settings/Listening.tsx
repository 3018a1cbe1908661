import { useState } from 'react'
import type { ListenerLine, SettingLine } from '../../../src-main/contract/workspace'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice } from '../../parts/Field'
import { containerPortFor, placeOf } from '../home/snippets'
import { Row } from './Row'
import { effectOf, Setting, setSetting } from './Setting'
import css from './settings.module.css'

const containers = 'ottla.containers'
const interfaces = 'ottla.interfaces'

/** Where clients find the broker, now and at its next start. */
export function Listening({
  listeners,
  lines,
}: {
  readonly listeners: readonly ListenerLine[]
  readonly lines: readonly SettingLine[]
}) {
  return (
    <>
      <Row
        label="Listeners now"
        note="Where Kafka clients find this broker. An open listener can be reached by other machines."
      >
        <ul className={css.listeners}>
          {listeners.map((listener) => (
            <Listener key={listener.name} listener={listener} />
          ))}
        </ul>
      </Row>
      {lines.map((line) =>
        line.name === interfaces ? (
          <Interfaces key={line.name} line={line} />
        ) : line.name === containers ? (
          <Containers key={line.name} line={line} port={placeOf(listeners).port} />
        ) : (
          <Setting key={line.name} line={line} />
        ),
      )}
    </>
  )
}

function Listener({ listener }: { readonly listener: ListenerLine }) {
  const { name, securityProtocol, addresses, advertised, isOpen, problem } = listener
  return (
    <li>
      <div className="data">{addresses.join(', ')}</div>
      <div className="quiet">
        {name === securityProtocol ? name : `${name} (${securityProtocol})`}
        {advertised && `, clients are told ${advertised}`}
        {isOpen && problem === null && ', open to other machines'}
      </div>
      {problem !== null && <div className={css.problem}>Not listening: {problem}</div>}
    </li>
  )
}

/** Opening the broker to everybody is asked about; closing it is not. */
function Interfaces({ line }: { readonly line: SettingLine }) {
  const [asking, setAsking] = useState(false)
  const { name, label, value, choices, fixed, documentation } = line
  if (fixed !== null) return <Setting line={line} />
  const open = async () => {
    if (await setSetting(name, 'all')) setAsking(false)
  }
  return (
    <Row label={label} note={documentation} effect={effectOf(line)}>
      <Choice
        aria-label={label}
        value={value}
        onChange={(event) => (event.target.value === 'all' ? setAsking(true) : void setSetting(name, null))}
      >
        {choices?.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Choice>
      {asking && (
        <Dialog
          title="Let everybody connect"
          description="The broker listens on all interfaces of this machine, from its next start on."
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <Button look="danger" onClick={open}>
                Open it
              </Button>
            </>
          }
        >
          <p>
            Everybody who can reach this machine over a network can read, write and delete every topic, unless a
            firewall keeps them out, or ACLs say who may. For containers alone there is a listener of its own, below.
          </p>
        </Dialog>
      )}
    </Row>
  )
}

/** One click lets containers in, after saying whom else. */
function Containers({ line, port }: { readonly line: SettingLine; readonly port: string }) {
  const [asking, setAsking] = useState(false)
  if (line.value !== '' || line.fixed !== null) return <Setting line={line} />
  const own = containerPortFor(port)
  const allow = async () => {
    if (await setSetting(line.name, own, `Containers connect to host.docker.internal:${own} from the next start on.`)) {
      setAsking(false)
    }
  }
  return (
    <Row label="Containers" note={line.documentation} effect={effectOf(line)}>
      <Button onClick={() => setAsking(true)}>Let containers connect…</Button>
      {asking && (
        <Dialog
          title="Let containers connect"
          description={`The broker listens on port ${own} too, on all interfaces, and tells whoever connects there to use host.docker.internal:${own}.`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <Button look="primary" onClick={allow}>
                Let them connect
              </Button>
            </>
          }
        >
          <p>
            This opens port {own} to every machine that can reach this one, unless a firewall keeps it out. localhost
            works as before. It counts when the broker is started next.
          </p>
        </Dialog>
      )}
    </Row>
  )
}
