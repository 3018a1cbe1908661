import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { decodingRegistryFrom } from '../../../src-main/decoding-registry'
import { askRegistry } from '../../../src-main/desk/chosen-registry/http'
import { needsOpenssl, TestAuthority } from '../../support/certificates'
import { itNeeds } from '../../support/require'

describe('a registry behind TLS', () => {
  let authority: TestAuthority
  let url: string
  let close: () => void
  const asked: unknown[] = []
  /** Names in the certificates of those who asked. */
  const shown: unknown[] = []
  beforeEach(async () => {
    if (needsOpenssl().missing) return
    authority = new TestAuthority()
    asked.length = 0
    shown.length = 0
    const wants = { ca: authority.cert, requestCert: true, rejectUnauthorized: false }
    const identity = { ...authority.issue('/CN=localhost'), ...wants }
    const server = createServer(identity, ({ url: path, headers, socket }, response) => {
      asked.push([path, headers.authorization])
      shown.push((socket as TLSSocket).getPeerCertificate().subject?.CN ?? null)
      response.end('["orders-value"]')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://localhost:${(server.address() as AddressInfo).port}`
    close = () => {
      server.close()
      server.closeAllConnections()
      authority.dispose()
    }
  })
  afterEach(() => {
    if (!needsOpenssl().missing) close()
  })

  itNeeds([needsOpenssl()], 'is asked with the authority that is trusted, and gets its token', async () => {
    const access = { url, basic: null, bearer: 'token', ca: authority.cert }
    expect(await askRegistry(access, '/subjects')).toEqual({ status: 200, body: ['orders-value'] })
    expect(asked).toEqual([['/subjects', 'Bearer token']])
  })

  itNeeds([needsOpenssl()], 'is asked with stores of PKCS12: trusted certificates, and one to show', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-registry-'))
    try {
      const { key, cert } = authority.issue('/CN=alice')
      writeFileSync(join(folder, 'ca.pem'), authority.cert)
      writeFileSync(join(folder, 'alice.pem'), cert + key)
      const pack = (...args: readonly string[]) =>
        execFileSync('openssl', ['pkcs12', '-export', '-passout', 'pass:changeit', ...args], {
          cwd: folder,
          stdio: 'pipe',
        })
      pack('-nokeys', '-in', 'ca.pem', '-out', 'trust.p12')
      pack('-in', 'alice.pem', '-out', 'alice.p12')
      const settings = {
        'schema.registry.url': url,
        'schema.registry.ssl.truststore.location': join(folder, 'trust.p12'),
        'schema.registry.ssl.truststore.password': 'changeit',
      }
      const own = {
        'schema.registry.ssl.keystore.location': join(folder, 'alice.p12'),
        'schema.registry.ssl.keystore.password': 'changeit',
      }
      const readAs = (given: object) => decodingRegistryFrom(new Map(Object.entries(given)), 'a file')
      for (const given of [settings, { ...settings, ...own }]) {
        // A thread that decodes gets a copy.
        const access = structuredClone(await readAs(given))
        if (!access) throw new Error('there is no registry')
        expect((await askRegistry(access, '/subjects')).status).toBe(200)
      }
      expect(shown).toEqual([null, 'alice'])
      const wrong = { ...settings, 'schema.registry.ssl.truststore.password': 'hush' }
      await expect(readAs(wrong)).rejects.toThrow(
        /^schema\.registry\.ssl\.truststore\.location is a PKCS12 store that cannot be read: (?!.*hush)/,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  itNeeds([needsOpenssl()], 'gets no credentials when its certificate is of another authority', async () => {
    const other = new TestAuthority()
    try {
      for (const ca of [null, other.cert]) {
        const access = { url, basic: 'alice:secret', bearer: null, ca }
        await expect(askRegistry(access, '/subjects')).rejects.toThrow(/certificate/)
      }
    } finally {
      other.dispose()
    }
    expect(asked).toEqual([])
  })
})
