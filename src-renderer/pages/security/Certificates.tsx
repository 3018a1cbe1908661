import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { exactTime, timeText } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import css from './security.module.css'

/** Files with which clients trust the broker, and show who they are. */
export function Certificates({ view: { certificate } }: { readonly view: SecurityView }) {
  const [client, setClient] = useState('')
  const save = (name: string | null) =>
    attempt(async () => {
      for (const file of await ask('security.files', { client: name })) download(file.name, file.base64)
    }, 'The files are saved.')
  return (
    <div className={page.scroll}>
      <div className={css.columns}>
        <section>
          <h2 className={page.section}>The authority of this workspace</h2>
          <p className="quiet">
            It signs the certificate of listeners with TLS. Clients must trust it: as PEM, or as a trust store of Java,
            whose password is changeit.
          </p>
          <p className={css.line}>
            <Button look="primary" onClick={() => save(null)}>
              Save ottla-ca.pem and ottla-truststore.jks
            </Button>
          </p>
          <h2 className={page.section}>The certificate of this broker</h2>
          {certificate ? (
            <>
              <p className="quiet">
                It is made anew before <span title={exactTime(certificate.endsAt)}>{timeText(certificate.endsAt)}</span>
                , and when listeners get other names. Clients reach the broker by:
              </p>
              <ul className={css.names} style={{ listStyle: 'none', padding: 0, margin: '6px 0' }}>
                {certificate.names.map((name) => (
                  <li key={name}>{name}</li>
                ))}
              </ul>
            </>
          ) : (
            <p className="quiet">There is none yet: it is made when the first listener with TLS is opened.</p>
          )}
          <h2 className={page.section}>A certificate for a client</h2>
          <p className="quiet">
            For listeners that ask for one (ssl.client.auth). It is made now and kept nowhere: its name becomes the
            principal, as ssl.principal.mapping.rules say.
          </p>
          <form
            className={css.line}
            onSubmit={(event) => {
              event.preventDefault()
              if (client !== '') void save(client)
            }}
          >
            <Labelled label="Name of the client">
              <Field value={client} onChange={(event) => setClient(event.target.value)} />
            </Labelled>
            <Button type="submit" disabled={client === ''}>
              Save as PEM and PKCS12
            </Button>
          </form>
        </section>
        <section>
          <h2 className={page.section}>A client of Java</h2>
          <Code
            text={`security.protocol=SSL
ssl.truststore.location=ottla-truststore.jks
ssl.truststore.password=changeit
ssl.keystore.type=PKCS12
ssl.keystore.location=${client || 'NAME'}.p12
ssl.keystore.password=changeit`}
          />
          <h2 className={page.section}>A client of librdkafka</h2>
          <Code
            text={`security.protocol=ssl
ssl.ca.location=ottla-ca.pem
ssl.certificate.location=${client || 'NAME'}.pem
ssl.key.location=${client || 'NAME'}.pem`}
          />
        </section>
      </div>
    </div>
  )
}

function download(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
