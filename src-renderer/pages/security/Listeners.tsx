import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { change } from '../../stores/can'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { AddListener } from './AddListener'
import { ListenerPane } from './ListenerPane'
import { texts } from './texts'

type Listener = SecurityView['listeners'][number]

/** One listener: open now, or after a restart. */
interface Line {
  readonly name: string
  readonly securityProtocol: Listener['securityProtocol']
  /** Short, for the table. */
  readonly where: string
  readonly addresses: string
  readonly open: Listener | null
  /** Its state after a restart. */
  readonly next: 'stays' | 'opens' | 'closes'
  /** It can be removed on this page. */
  readonly isOurs: boolean
}

const loopback = /^(127\.0\.0\.1|\[::1\]):(\d+)$/

/** `localhost:9092` for a listener on both loopback addresses; all addresses otherwise. */
function whereOf(addresses: readonly string[]): string {
  const ports = new Set(addresses.map((address) => loopback.exec(address)?.[2]))
  const [port] = ports
  return addresses.length === 2 && ports.size === 1 && port !== undefined ? `localhost:${port}` : addresses.join('  ')
}

function linesOf({ listeners, stored }: SecurityView): Line[] {
  const lines = listeners.map((open, i): Line => {
    const isPlaintext = i === 0 && open.securityProtocol === 'PLAINTEXT'
    const { isStored } = open
    const isKept = isPlaintext ? stored.plaintext : !isStored || stored.listeners.some(({ name }) => name === open.name)
    return {
      name: open.name,
      securityProtocol: open.securityProtocol,
      where: whereOf(open.addresses),
      addresses: open.addresses.join('  '),
      open,
      next: isKept ? 'stays' : 'closes',
      isOurs: (isPlaintext && stored.fixed === null) || isStored,
    }
  })
  const coming = stored.listeners
    .filter(({ name }) => stored.fixed === null && !listeners.some((open) => open.name === name))
    .map(({ name, securityProtocol, hosts, port }): Line => {
      const addresses = hosts.map((host) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
      const where = whereOf(addresses)
      return { name, securityProtocol, where, addresses: addresses.join('  '), open: null, next: 'opens', isOurs: true }
    })
  return [...lines, ...coming]
}

function requiresText({ securityProtocol, open }: Line): string {
  const { requires, certificate } = texts.listeners
  return requires[securityProtocol] + (open && open.clientAuth !== 'none' ? certificate(open.clientAuth) : '')
}

function certificateOf({ certificates }: SecurityView, name: string) {
  return certificates.find(({ listener }) => listener === name)
}

/** All listeners, with what each requires of clients. */
export function Listeners({ view }: { readonly view: SecurityView }) {
  const [selected, setSelected] = useState<string | null>(view.listeners[0]?.name ?? null)
  const lines = linesOf(view)
  const chosen = view.listeners.find(({ name }) => name === selected)
  const toggle = ({ name, securityProtocol, open, next }: Line) => {
    const done = next === 'closes' ? texts.listeners.kept(name) : texts.listeners.removed(name)
    if (open && open === view.listeners[0]) {
      return attempt(() => change('security.plaintext', { on: next === 'closes' }), done)
    }
    const port = Number(/:(\d+)$/.exec(open?.addresses[0] ?? '')?.[1])
    return attempt(
      () =>
        next === 'closes'
          ? change('security.listener.add', { name, securityProtocol, port })
          : change('security.listener.remove', { name }),
      done,
    )
  }
  return (
    <>
      <AddListener view={view} />
      <div className={page.split}>
        <Table
          label={texts.listeners.title}
          list="listeners"
          rows={lines}
          rowKey={({ name }) => name}
          selected={selected}
          onSelect={({ name }) => setSelected(name)}
          columns={[
            { id: 'name', title: texts.listeners.columns.name, width: 'minmax(100px, 1fr)', cell: ({ name }) => name },
            {
              id: 'requires',
              title: texts.listeners.columns.requires,
              width: 'minmax(148px, 1.4fr)',
              // The pane has the protocol and the address too.
              yields: 2,
              cell: (line) => <span title={requiresText(line)}>{requiresText(line)}</span>,
            },
            {
              id: 'where',
              title: texts.listeners.columns.address,
              width: 'minmax(130px, 1.4fr)',
              yields: 1,
              cell: ({ where, addresses }) => (
                <span className="data" title={addresses}>
                  {where}
                </span>
              ),
            },
            {
              id: 'state',
              title: texts.listeners.columns.state,
              width: '142px',
              cell: (line) => <State line={line} />,
            },
            {
              id: 'remove',
              title: texts.listeners.columns.remove,
              isTitleHidden: true,
              width: '70px',
              cell: (line) =>
                line.isOurs && (
                  <Button
                    look="plain"
                    needs={['security.plaintext', 'security.listener.add', 'security.listener.remove']}
                    onClick={() => toggle(line)}
                  >
                    {line.next === 'closes' ? texts.listeners.keep : texts.listeners.remove}
                  </Button>
                ),
            },
          ]}
          empty={<Empty>{texts.listeners.empty}</Empty>}
        />
        {chosen && <ListenerPane listener={chosen} certificate={certificateOf(view, chosen.name)} />}
      </div>
    </>
  )
}

const states: Readonly<Record<Line['next'], readonly [glyph: string, color: string, words: string]>> = {
  stays: ['●', 'var(--good)', texts.listeners.states.stays],
  opens: ['○', 'var(--waiting)', texts.listeners.states.opens],
  closes: ['◐', 'var(--waiting)', texts.listeners.states.closes],
}

function State({ line: { next, open } }: { readonly line: Line }) {
  const [glyph, color, words] = open?.problem ? (['✕', 'var(--bad)', texts.listeners.failed] as const) : states[next]
  return (
    <>
      <span style={{ color }} aria-hidden>
        {glyph}
      </span>{' '}
      {words}
    </>
  )
}
