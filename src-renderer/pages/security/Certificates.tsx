import { useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { Field } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

/** Files with which clients trust the broker, and show who they are. */
export function Certificates() {
  const [client, setClient] = useState('')
  const save = (name: string | null) =>
    attempt(async () => {
      for (const file of await ask('security.files', { client: name })) download(file.name, file.base64)
    }, 'The files are saved.')
  return (
    <div className={page.scroll}>
      <h2 className={page.section}>The authority of this workspace</h2>
      <p className="quiet">
        It signs the certificate of listeners with TLS, which are opened with --listener ssl://127.0.0.1:9093. Clients
        must trust it: as PEM, or as a trust store of Java (password changeit).
      </p>
      <Button onClick={() => save(null)}>Save ottla-ca.pem and ottla-truststore.jks</Button>
      <h2 className={page.section}>A certificate for a client</h2>
      <p className="quiet">
        For listeners that ask for one (ssl.client.auth=required). It is made now and kept nowhere: its name becomes the
        principal, as ssl.principal.mapping.rules say.
      </p>
      <form
        style={{ display: 'flex', gap: 8 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (client !== '') save(client)
        }}
      >
        <Field
          aria-label="Name of the client"
          placeholder="name"
          value={client}
          onChange={(event) => setClient(event.target.value)}
        />
        <Button type="submit" disabled={client === ''}>
          Save as PEM and PKCS12
        </Button>
      </form>
      <h2 className={page.section}>A client of Java</h2>
      <Code
        text={`security.protocol=SSL
ssl.truststore.location=ottla-truststore.jks
ssl.truststore.password=changeit
ssl.keystore.location=${client || 'name'}.p12
ssl.keystore.type=PKCS12
ssl.keystore.password=changeit`}
      />
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
