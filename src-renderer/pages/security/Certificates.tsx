import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { download } from '../../parts/download'
import { Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { Presented } from './Presented'
import css from './security.module.css'
import { texts } from './texts'

/** Files with which clients trust the broker and authenticate. */
export function Certificates({ view: { certificates } }: { readonly view: SecurityView }) {
  const [client, setClient] = useState('')
  const save = (name: string | null) =>
    attempt(async () => {
      for (const file of await ask('security.files', { client: name }))
        download(file.name, bytesOf(file.base64), 'application/octet-stream')
    }, texts.certificates.saved)
  return (
    <div className={page.scroll}>
      <div className={css.columns}>
        <section>
          <h2 className={page.section}>{texts.certificates.authority}</h2>
          <p className="quiet">{texts.certificates.authorityText}</p>
          <p className={css.line}>
            <Button look="primary" onClick={() => save(null)}>
              {texts.certificates.saveAuthority}
            </Button>
          </p>
          <h2 className={page.section}>{texts.certificates.presented}</h2>
          <Presented certificates={certificates} />
          <h2 className={page.section}>{texts.certificates.client}</h2>
          <p className="quiet">{texts.certificates.clientText}</p>
          <form
            className={css.line}
            onSubmit={(event) => {
              event.preventDefault()
              if (client !== '') void save(client)
            }}
          >
            <Labelled label={texts.certificates.clientName}>
              <Field value={client} onChange={(event) => setClient(event.target.value)} />
            </Labelled>
            <Button type="submit" disabled={client === ''}>
              {texts.certificates.saveClient}
            </Button>
          </form>
        </section>
        <section>
          <h2 className={page.section}>{texts.certificates.java}</h2>
          <Code
            text={`security.protocol=SSL
ssl.truststore.location=ottla-truststore.jks
ssl.truststore.password=changeit
ssl.keystore.type=PKCS12
ssl.keystore.location=${client || 'NAME'}.p12
ssl.keystore.password=changeit`}
          />
          <h2 className={page.section}>{texts.certificates.librdkafka}</h2>
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

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}
