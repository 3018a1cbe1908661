import { Fragment } from 'react'
import type { ListenerCertificate, NamedStore } from '../../../src-main/contract/security'
import { exactTime, timeText } from '../../format/time'
import page from '../pages.module.css'
import css from './security.module.css'
import { texts } from './texts'

/** Certificates that listeners present to clients, each once, and the authorities of the certificates that they ask for. */
export function Presented({ certificates }: { readonly certificates: readonly ListenerCertificate[] }) {
  if (certificates.length === 0) return <p className="quiet">{texts.certificates.presentedNone}</p>
  return presentedOnce(certificates).map((same) => (
    <Certificate key={same[0]!.listener} certificate={same[0]!} listeners={same} />
  ))
}

/** Listeners with the same certificate together. */
function presentedOnce(certificates: readonly ListenerCertificate[]): ListenerCertificate[][] {
  const known = new Map<string, ListenerCertificate[]>()
  for (const one of certificates) {
    const key = JSON.stringify([one.fingerprint, one.keystore, one.truststore, one.problem])
    known.set(key, [...(known.get(key) ?? []), one])
  }
  return [...known.values()]
}

function Certificate({
  certificate: { subject, issuer, names, fingerprint, startsAt, endsAt, keystore, truststore, problem },
  listeners,
}: {
  readonly certificate: ListenerCertificate
  readonly listeners: readonly ListenerCertificate[]
}) {
  const words = texts.certificates
  const at = (instant: number) => <span title={exactTime(instant)}>{timeText(instant)}</span>
  const listenerNames = listeners.map(({ listener }) => listener)
  return (
    <div className={css.certificate}>
      <dl className={page.facts}>
        <dt>{words.listeners(listenerNames)}</dt>
        <dd>{listenerNames.join(', ')}</dd>
        <dt>{words.from}</dt>
        <dd className={css.words}>{keystore ? storeText(keystore) : words.fromWorkspace}</dd>
        <dt>{words.subject}</dt>
        <dd>{subject}</dd>
        <dt>{words.issuer}</dt>
        <dd>
          {issuer}
          {keystore && <span className={css.words}> {words.issuerToTrust}</span>}
        </dd>
        <dt>{words.names}</dt>
        <dd>{names.length > 0 ? names.join(', ') : words.noNames}</dd>
        <dt>{words.startsAt}</dt>
        <dd>{at(startsAt)}</dd>
        <dt>{words.endsAt}</dt>
        <dd className={endsAt < Date.now() ? css.deny : undefined}>
          {endsAt < Date.now() ? words.expired(timeText(endsAt)) : at(endsAt)}
        </dd>
        <dt>{words.fingerprint}</dt>
        <dd>
          {fingerprint.split(/(?<=:)/).map((pair, i) => (
            <Fragment key={i}>
              {pair}
              <wbr />
            </Fragment>
          ))}
        </dd>
        {listeners.some(({ clientAuth }) => clientAuth !== 'none') && (
          <>
            <dt>{words.clients}</dt>
            <dd className={css.words}>
              {truststore ? words.clientsOf(storeText(truststore)) : words.clientsOfWorkspace}
            </dd>
          </>
        )}
      </dl>
      {problem && (
        <p role="alert" className={css.deny}>
          {words.notUsed(problem)}
        </p>
      )}
    </div>
  )
}

function storeText({ config, location }: NamedStore): string {
  return location === null ? texts.certificates.fromConfig(config) : texts.certificates.fromFile(location, config)
}
