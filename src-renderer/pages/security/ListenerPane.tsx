import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { Code } from '../../parts/Copy'
import { Pane } from '../../parts/Pane'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { snippets } from './snippets'

const firstWidth = 400

/** What clients must know of a listener. */
export function ListenerPane({ listener }: { readonly listener: SecurityView['listeners'][number] }) {
  const [width, setWidth] = useState(firstWidth)
  const { name, securityProtocol, addresses, advertised, mechanisms, clientAuth, problem } = listener
  const isTls = securityProtocol.endsWith('SSL')
  const facts: readonly (readonly [string, string])[] = [
    ['Protocol', securityProtocol],
    ['Address', addresses.join('  ')],
    ['Advertised', advertised ?? 'what the client dialled'],
    ...(mechanisms.length > 0 ? [['Mechanisms', mechanisms.join(', ')] as const] : []),
    ...(isTls ? [['Client certificate', clientAuth] as const] : []),
  ]
  return (
    <Pane label={`Listener ${name}`} width={width} onWidth={setWidth}>
      <h2 style={{ fontSize: 14 }}>{name}</h2>
      <dl className={page.facts} style={{ marginTop: 8 }}>
        {facts.map(([title, text]) => (
          <div key={title} style={{ display: 'contents' }}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {problem && (
        <p role="alert" style={{ color: 'var(--bad)', marginTop: 8 }}>
          {problem}
        </p>
      )}
      {snippets.map(({ label, text }) => (
        <section key={label}>
          <h3 className={page.section}>{label}</h3>
          <Code text={text(listener)} />
        </section>
      ))}
      <p className="quiet" style={{ marginTop: 12 }}>
        {mechanisms.length > 0 && (
          <>
            Who may come in stands under <a href={href('security', 'users')}>Users</a>.{' '}
          </>
        )}
        {isTls && (
          <>
            The files to trust are under <a href={href('security', 'certificates')}>Certificates</a>.
          </>
        )}
      </p>
    </Pane>
  )
}
