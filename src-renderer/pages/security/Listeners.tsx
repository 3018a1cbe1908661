import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { AddListener } from './AddListener'
import { ListenerPane } from './ListenerPane'

type Listener = SecurityView['listeners'][number]

/** One line: what is open now, and what the workspace opens the next time. */
interface Line {
  readonly name: string
  readonly securityProtocol: Listener['securityProtocol']
  readonly where: string
  readonly open: Listener | null
  /** What becomes of it when the workspace is opened the next time. */
  readonly next: 'stays' | 'opens' | 'closes'
  /** It is here that it is taken away. */
  readonly isOurs: boolean
}

function linesOf({ listeners, stored }: SecurityView): Line[] {
  const lines = listeners.map((open, i): Line => {
    const isPlaintext = i === 0 && open.securityProtocol === 'PLAINTEXT'
    const { isStored } = open
    const isKept = isPlaintext ? stored.plaintext : !isStored || stored.listeners.some(({ name }) => name === open.name)
    return {
      name: open.name,
      securityProtocol: open.securityProtocol,
      where: open.addresses.join('  '),
      open,
      next: isKept ? 'stays' : 'closes',
      isOurs: (isPlaintext && stored.fixed === null) || isStored,
    }
  })
  const coming = stored.listeners
    .filter(({ name }) => stored.fixed === null && !listeners.some((open) => open.name === name))
    .map(({ name, securityProtocol, hosts, port }): Line => {
      const where = hosts.map((host) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join('  ')
      return { name, securityProtocol, where, open: null, next: 'opens', isOurs: true }
    })
  return [...lines, ...coming]
}

const asks: Readonly<Record<Listener['securityProtocol'], string>> = {
  PLAINTEXT: 'nothing, not encrypted',
  SSL: 'TLS',
  SASL_PLAINTEXT: 'a user, not encrypted',
  SASL_SSL: 'TLS and a user',
}

/** All places where clients may connect, and what they must bring. */
export function Listeners({ view }: { readonly view: SecurityView }) {
  const [selected, setSelected] = useState<string | null>(view.listeners[0]?.name ?? null)
  const lines = linesOf(view)
  const chosen = view.listeners.find(({ name }) => name === selected)
  const toggle = ({ name, securityProtocol, open, next }: Line) => {
    const done = next === 'closes' ? `${name} stays open.` : `${name} is not opened the next time.`
    if (open && open === view.listeners[0]) {
      return attempt(() => ask('security.plaintext', { on: next === 'closes' }), done)
    }
    const port = Number(/:(\d+)$/.exec(open?.addresses[0] ?? '')?.[1])
    return attempt(
      () =>
        next === 'closes'
          ? ask('security.listener.add', { name, securityProtocol, port })
          : ask('security.listener.remove', { name }),
      done,
    )
  }
  return (
    <>
      <AddListener view={view} />
      <div className={page.split}>
        <Table
          label="Listeners"
          rows={lines}
          rowKey={({ name }) => name}
          selected={selected}
          onSelect={({ name }) => setSelected(name)}
          columns={[
            { id: 'name', title: 'Listener', width: 'minmax(116px, 1fr)', cell: ({ name }) => name },
            {
              id: 'asks',
              title: 'Asks for',
              width: 'minmax(130px, 1fr)',
              cell: ({ securityProtocol, open }) =>
                `${asks[securityProtocol]}${open && open.clientAuth !== 'none' ? `, certificate ${open.clientAuth}` : ''}`,
            },
            {
              id: 'where',
              title: 'Address',
              width: 'minmax(130px, 1.4fr)',
              cell: ({ where }) => (
                <span className="data" title={where}>
                  {where}
                </span>
              ),
            },
            { id: 'state', title: 'State', width: '124px', cell: (line) => <State line={line} /> },
            {
              id: 'remove',
              title: 'Remove',
              isTitleHidden: true,
              width: '70px',
              cell: (line) =>
                line.isOurs && (
                  <Button look="plain" onClick={() => toggle(line)}>
                    {line.next === 'closes' ? 'Keep' : 'Remove'}
                  </Button>
                ),
            },
          ]}
          empty={<Empty>No listener is open.</Empty>}
        />
        {chosen && <ListenerPane listener={chosen} />}
      </div>
    </>
  )
}

const states: Readonly<Record<Line['next'], readonly [glyph: string, color: string, words: string]>> = {
  stays: ['●', 'var(--good)', 'open'],
  opens: ['○', 'var(--waiting)', 'opens next time'],
  closes: ['◐', 'var(--waiting)', 'closes next time'],
}

function State({ line: { next, open } }: { readonly line: Line }) {
  const [glyph, color, words] = open?.problem ? (['✕', 'var(--bad)', 'not open'] as const) : states[next]
  return (
    <>
      <span style={{ color }} aria-hidden>
        {glyph}
      </span>{' '}
      {words}
    </>
  )
}
