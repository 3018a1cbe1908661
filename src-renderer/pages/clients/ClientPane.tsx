import { X } from 'lucide-react'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { bytes, integer } from '../../format/numbers'
import { ago, clockTime, exactTime, span } from '../../format/time'
import { Button } from '../../parts/Button'
import { href } from '../../stores/route'
import { shared } from '../../texts'
import page from '../pages.module.css'
import type { ClientGroup } from './client-groups'
import css from './clients.module.css'
import { Metrics } from './Metrics'
import { texts } from './texts'

interface Props {
  readonly client: ClientGroup
  /** The connection that is shown in full, if it is one of the client's. */
  readonly connectionId: number
  readonly onConnection: (id: number | null) => void
  readonly onClose: () => void
}

/** A client with its connections, or one connection in full. */
export function ClientPane({ client, connectionId, onConnection, onClose }: Props) {
  const { clientId, connections, lastError, writes, reads } = client
  const only = connections.length === 1 ? connections[0] : undefined
  const connection = only ?? connections.find((line) => line.connectionId === connectionId)
  const name = clientId || texts.noClientId
  return (
    <aside className={page.pane} aria-label={name}>
      <div className={page.paneHead}>
        <h2>{name}</h2>
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      {connection && !only && (
        <p>
          <Button look="plain" onClick={() => onConnection(null)}>
            ← {texts.pane.allConnections}
          </Button>{' '}
          {texts.pane.connection(connection.connectionId)}
        </p>
      )}
      {connection ? (
        <Connection line={connection} />
      ) : (
        <>
          <Facts
            of={[
              [texts.pane.facts.role, client.roles.join(', ')],
              [texts.pane.facts.library, client.software.join(', ')],
              ...membership(client),
            ]}
          />
          <LastError error={lastError} />
          <Topics writes={writes} reads={reads} />
          <h3 className={page.section}>{texts.pane.connections}</h3>
          <ul className={css.connections}>
            {connections.map((line) => (
              <li key={line.connectionId} className={line.leftAt === null ? undefined : css.left}>
                <button type="button" onClick={() => onConnection(line.connectionId)}>
                  <span className="data">{addressOf(line)}</span>
                  <span className="quiet">{line.apis.map(({ name: api }) => api).join(', ')}</span>
                  <span className="tabular">
                    {line.leftAt === null
                      ? ago(line.connectedAt, Date.now())
                      : texts.disconnected(ago(line.leftAt, Date.now()))}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  )
}

function Connection({ line }: { readonly line: ClientLine }) {
  const { leftAt, metricsAt, apis } = line
  const { facts } = texts.pane
  return (
    <>
      <Facts
        of={[
          [facts.library, line.software],
          [facts.address, addressOf(line)],
          [facts.listener, line.listener],
          [facts.principal, line.principal],
          [facts.connected, clockTime(line.connectedAt)],
          ...(leftAt === null ? [] : [[facts.disconnected, clockTime(leftAt)] as const]),
          [facts.lastRequest, clockTime(line.lastRequestAt)],
          [facts.requests, integer(line.requests)],
          [facts.sent, bytes(line.bytesIn)],
          [facts.received, bytes(line.bytesOut)],
          ...membership(line),
        ]}
      />
      <LastError error={line.lastError} />
      <Topics writes={line.writes} reads={line.reads} />
      <h3 className={page.section}>{texts.pane.apis}</h3>
      <Facts of={apis.map(({ name, version, requests }) => [name, texts.pane.api(version, requests)] as const)} />
      {metricsAt !== null && leftAt === null && <Metrics connectionId={line.connectionId} at={metricsAt} />}
    </>
  )
}

/** A client in the process of the broker, as those of the demo, has no port of its own. */
function addressOf({ address }: ClientLine): string {
  return address.endsWith(':0') ? texts.pane.inProcess : address
}

/** Groups and throttling, where there are any. */
function membership({ groups, throttle }: Pick<ClientLine, 'groups' | 'throttle'>) {
  const { facts, throttle: throttled } = texts.pane
  return [
    ...(groups.length === 0 ? [] : [[facts.groups, groups.join(', ')] as const]),
    ...(throttle === null
      ? []
      : [
          [
            facts.throttled,
            throttled(span(throttle.pauseMs), ago(throttle.at, Date.now()), span(throttle.totalMs)),
          ] as const,
        ]),
  ]
}

function LastError({ error }: { readonly error: ClientLine['lastError'] }) {
  if (!error) return null
  return (
    <>
      <h3 className={page.section}>{texts.pane.lastError}</h3>
      <div className={css.error} title={exactTime(error.at)}>
        <p>{texts.pane.errorOn(error.error || texts.pane.closed, error.api, ago(error.at, Date.now()))}</p>
        <p className="quiet">{error.text}</p>
      </div>
    </>
  )
}

function Facts({ of }: { readonly of: readonly (readonly [string, string])[] }) {
  return (
    <dl className={page.facts}>
      {of.map(([name, text]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{text || '–'}</dd>
        </div>
      ))}
    </dl>
  )
}

function Topics({ writes, reads }: { readonly writes: readonly string[]; readonly reads: readonly string[] }) {
  if (writes.length + reads.length === 0) return null
  return (
    <>
      <h3 className={page.section}>{texts.pane.topics}</h3>
      <dl className={page.facts}>
        <TopicLinks title={texts.pane.writes} names={writes} />
        <TopicLinks title={texts.pane.reads} names={reads} />
      </dl>
    </>
  )
}

function TopicLinks({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <>
      <dt>{title}</dt>
      <dd>
        {names.map((name) => (
          <div key={name}>
            <a className={page.link} href={href('topics', name)}>
              {name}
            </a>
          </div>
        ))}
      </dd>
    </>
  )
}
