import { useState } from 'react'
import type { ListenerCertificate, SecurityView } from '../../../src-main/contract/security'
import { Code } from '../../parts/Copy'
import { Pane } from '../../parts/Pane'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { snippets } from './snippets'
import { texts } from './texts'

const firstWidth = 400

/** The configuration that clients need for a listener. */
export function ListenerPane({
  listener,
  certificate,
}: {
  readonly listener: SecurityView['listeners'][number]
  /** The one that it presents, if it has TLS and is open. */
  readonly certificate: ListenerCertificate | undefined
}) {
  const [width, setWidth] = useState(firstWidth)
  const { name, securityProtocol, addresses, advertised, mechanisms, clientAuth, problem } = listener
  const { pane } = texts.listeners
  const hasKeystore = certificate !== undefined && certificate.keystore !== null
  const isTls = securityProtocol.endsWith('SSL')
  const facts: readonly (readonly [string, string])[] = [
    [pane.protocol, securityProtocol],
    [pane.address, addresses.join('  ')],
    [pane.advertised, advertised ?? pane.dialled],
    ...(mechanisms.length > 0 ? [[pane.mechanisms, mechanisms.join(', ')] as const] : []),
    ...(isTls ? [[pane.clientCertificate, clientAuth] as const] : []),
  ]
  return (
    <Pane label={pane.label(name)} width={width} onWidth={setWidth}>
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
          <Code text={text(listener, hasKeystore)} />
        </section>
      ))}
      <p className="quiet" style={{ marginTop: 12 }}>
        {mechanisms.length > 0 && (
          <>
            {pane.usersBefore}
            <a href={href('security', 'users')}>{pane.users}</a>.{' '}
          </>
        )}
        {isTls && (
          <>
            {hasKeystore ? pane.keystoreBefore(certificate.issuer) : pane.filesBefore}
            <a href={href('security', 'certificates')}>{pane.certificates}</a>.
          </>
        )}
      </p>
    </Pane>
  )
}
