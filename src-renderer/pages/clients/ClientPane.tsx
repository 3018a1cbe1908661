import { X } from 'lucide-react'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { bytes, integer } from '../../format/numbers'
import { ago, clockTime, exactTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './clients.module.css'
import { Metrics } from './Metrics'

/** All that is known of one connection. */
export function ClientPane({ client, onClose }: { readonly client: ClientLine; readonly onClose: () => void }) {
  const { clientId, leftAt, lastError, metricsAt, writes, reads, apis } = client
  const facts: readonly (readonly [string, string])[] = [
    ['Library', client.software],
    ['Address', client.address],
    ['Listener', client.listener],
    ['Principal', client.principal],
    ['Connected', clockTime(client.connectedAt)],
    ...(leftAt === null ? [] : [['Left', clockTime(leftAt)] as const]),
    ['Last request', clockTime(client.lastRequestAt)],
    ['Requests', integer(client.requests)],
    ['Sent', bytes(client.bytesIn)],
    ['Received', bytes(client.bytesOut)],
  ]
  return (
    <aside className={page.pane} aria-label={clientId || 'Client'}>
      <div className={page.paneHead}>
        <h2>{clientId || 'No client id'}</h2>
        <Button look="plain" aria-label="Close" onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <Facts of={facts} />
      {lastError && (
        <>
          <h3 className={page.section}>Last error</h3>
          <div className={css.error} title={exactTime(lastError.at)}>
            <p>
              {lastError.error || 'The connection was closed'}
              {lastError.api && ` on ${lastError.api}`}, {ago(lastError.at, Date.now())}
            </p>
            <p className="quiet">{lastError.text}</p>
          </div>
        </>
      )}
      {writes.length + reads.length > 0 && (
        <>
          <h3 className={page.section}>Topics</h3>
          <dl className={page.facts}>
            <Topics title="Writes" names={writes} />
            <Topics title="Reads" names={reads} />
          </dl>
        </>
      )}
      <h3 className={page.section}>APIs and versions</h3>
      <Facts of={apis.map(({ name, version, requests }) => [name, `v${version} · ${integer(requests)}`] as const)} />
      {metricsAt !== null && leftAt === null && <Metrics connectionId={client.connectionId} at={metricsAt} />}
    </aside>
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

function Topics({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
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
