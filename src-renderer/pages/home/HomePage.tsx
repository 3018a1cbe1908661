import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import { bytes, compact, counted } from '../../format/numbers'
import { ago } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code, CopyText } from '../../parts/Copy'
import parts from '../../parts/parts.module.css'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import css from './home.module.css'
import { snippets } from './snippets'
import { TrafficChart } from './TrafficChart'

export function HomePage() {
  const { value: status } = useFeed('workspace', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  if (!status) return null
  const now = traffic?.[traffic.length - 1]
  const addresses = status.addresses.filter((address) => !address.startsWith('['))
  return (
    <div className={css.page}>
      <h1 className={css.title}>Kafka is running</h1>
      <p className={css.lead}>
        {status.file
          ? `Everything is kept in ${status.file}`
          : 'Everything is in memory and gone when the broker ends.'}
      </p>
      <div className={css.addresses}>
        {addresses.map((address) => (
          <CopyText key={address} text={address.replace(/^127\.0\.0\.1/, 'localhost')} />
        ))}
      </div>
      <Demo hasTopics={status.topics > 0} />
      <div className={css.columns}>
        <section aria-label="Traffic and connecting">
          <TrafficChart points={traffic ?? []} />
          <div className={css.figures}>
            <Figure label="messages in" value={`${compact(now?.inRecords ?? 0)}/s`} />
            <Figure label="bytes in" value={`${bytes(now?.inBytes ?? 0)}/s`} />
            <Figure label="bytes out" value={`${bytes(now?.outBytes ?? 0)}/s`} />
            <Figure label="behind" value={compact(status.totalLag)} />
          </div>
          <Connect address={addresses[0] ?? 'localhost:9092'} />
        </section>
        <Lately />
      </div>
    </div>
  )
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className={css.figure}>
      <b>{value}</b>
      <span className="quiet">{label}</span>
    </div>
  )
}

function Demo({ hasTopics }: { readonly hasTopics: boolean }) {
  const { value: demo } = useFeed('demo', undefined)
  const [busy, setBusy] = useState(false)
  if (!demo) return null
  const set = async (running: boolean) => {
    setBusy(true)
    await attempt(
      () => ask('demo.set', { running }),
      running ? undefined : 'The demo is over, and what it made is removed.',
    )
    setBusy(false)
  }
  if (demo.running) {
    return (
      <div className={css.demo}>
        <p>The demo is playing: a shop, and three consumers that come and go. Look at Groups and Rebalances.</p>
        <Button disabled={busy} onClick={() => set(false)}>
          <Square size={12} /> Stop and clean up
        </Button>
      </div>
    )
  }
  return (
    <div className={css.demo}>
      <Button look={hasTopics ? 'plain' : 'primary'} disabled={busy} onClick={() => set(true)}>
        <Play size={12} /> Play the demo
      </Button>
      <p className="quiet">
        Real producers and consumers over the socket, so that every page has life. One click stops it and cleans up.
      </p>
    </div>
  )
}

function Connect({ address }: { readonly address: string }) {
  const [chosen, setChosen] = useState('java')
  const snippet = snippets.find(({ id }) => id === chosen)
  const [host = 'localhost', port = '9092'] = address.replace(/^127\.0\.0\.1/, 'localhost').split(':')
  return (
    <>
      <h2 style={{ margin: '24px 0 8px' }}>Connect</h2>
      <div className={css.languages} role="tablist" aria-label="Client">
        {snippets.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === chosen}
            className={id === chosen ? `${parts.tab} ${parts.current}` : parts.tab}
            style={{ background: 'none', border: 0, cursor: 'pointer' }}
            onClick={() => setChosen(id)}
          >
            {label}
          </button>
        ))}
      </div>
      {snippet && <Code text={snippet.code(host, port)} />}
    </>
  )
}

function Lately() {
  const { value: lines } = useFeed('activity', undefined)
  const now = Date.now()
  return (
    <section aria-label="What happened lately">
      <h2 style={{ marginBottom: 8 }}>Lately</h2>
      {lines?.length === 0 && <p className="quiet">Nothing has happened yet. Connect a client, or play the demo.</p>}
      <ul className={css.lines}>
        {lines?.slice(0, 30).map(({ seq, at, kind, text }) => (
          <li key={seq}>
            <span className="quiet">{ago(at, now)}</span>
            <span className={kind === 'error' ? css.error : undefined}>{text}</span>
          </li>
        ))}
      </ul>
      {(lines?.length ?? 0) > 30 && <p className="quiet">{counted((lines?.length ?? 0) - 30, 'earlier event')}</p>}
    </section>
  )
}
