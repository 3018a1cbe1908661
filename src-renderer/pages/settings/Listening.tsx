import { useState } from 'react'
import type { ListenerLine, SettingLine, SettingName } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Choice } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'
import { containerPortFor, placeOf } from '../home/snippets'
import { Row } from './Row'
import { effectOf, Setting, wordsOfLine } from './Setting'
import css from './settings.module.css'
import { texts } from './texts'

const containers: SettingName = 'ottla.containers'
const interfaces: SettingName = 'ottla.interfaces'
const portSetting: SettingName = 'ottla.port'
const allInterfaces = 'all'

/** Addresses of the broker now, and the settings for its next start. */
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
        label={texts.listening.now}
        note={texts.listening.nowNote}
        words={listeners.flatMap(({ name, securityProtocol, addresses }) => [name, securityProtocol, ...addresses])}
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
          <Setting key={line.name} line={inForce(line, listeners)} />
        ),
      )}
    </>
  )
}

/** A port of the command line is not stored: it is read from the listener. */
function inForce(line: SettingLine, listeners: readonly ListenerLine[]): SettingLine {
  return line.name === portSetting && line.fixed !== null ? { ...line, value: placeOf(listeners).port } : line
}

function Listener({ listener }: { readonly listener: ListenerLine }) {
  const { name, securityProtocol, addresses, advertised, isOpen, problem } = listener
  return (
    <li>
      <div className="data">{addresses.join(', ')}</div>
      <div className="quiet">
        {name === securityProtocol ? name : `${name} (${securityProtocol})`}
        {advertised && texts.listening.advertised(advertised)}
        {isOpen && problem === null && texts.listening.open}
      </div>
      {problem !== null && <div className={css.problem}>{texts.listening.problem(problem)}</div>}
    </li>
  )
}

/** Opening the broker to other machines is confirmed first; closing it is not. */
function Interfaces({ line }: { readonly line: SettingLine }) {
  const [asking, setAsking] = useState(false)
  const { name, label, value, choices, fixed, documentation } = line
  if (fixed !== null) return <Setting line={line} />
  return (
    <Row label={label} note={documentation} effect={effectOf(line)} words={wordsOfLine(line)}>
      <Choice
        aria-label={label}
        value={value}
        onChange={(event) =>
          event.target.value === allInterfaces
            ? setAsking(true)
            : void attempt(() => ask('settings.set', { name, value: null }))
        }
      >
        {choices?.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Choice>
      {asking && (
        <ConfirmDialog
          title={texts.listening.openTitle}
          description={texts.listening.openText}
          action={texts.listening.openAction}
          needs={null}
          onConfirm={() => ask('settings.set', { name, value: allInterfaces })}
          onClose={() => setAsking(false)}
        >
          <p>{texts.listening.openWarning}</p>
        </ConfirmDialog>
      )}
    </Row>
  )
}

/** It is set by a dialog of its own, and has a field only then. */
export function isUnsetContainers({ name, value, fixed }: SettingLine): boolean {
  return name === containers && value === '' && fixed === null
}

/** Opens a listener for containers, after showing who else can then connect. */
function Containers({ line, port }: { readonly line: SettingLine; readonly port: string }) {
  const [asking, setAsking] = useState(false)
  if (!isUnsetContainers(line)) return <Setting line={line} />
  const own = containerPortFor(port)
  return (
    <Row label={texts.listening.containers} note={line.documentation} effect={effectOf(line)} words={wordsOfLine(line)}>
      <Button onClick={() => setAsking(true)}>{texts.listening.containersAction}</Button>
      {asking && (
        <ConfirmDialog
          title={texts.listening.containersTitle}
          description={texts.listening.containersText(own)}
          action={texts.listening.containersConfirm}
          look="primary"
          needs={null}
          onConfirm={async () => {
            await ask('settings.set', { name: line.name, value: own })
            notify({ kind: 'done', text: texts.listening.containersDone(own) })
          }}
          onClose={() => setAsking(false)}
        >
          <p>{texts.listening.containersWarning(own)}</p>
        </ConfirmDialog>
      )}
    </Row>
  )
}
