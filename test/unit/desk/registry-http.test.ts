import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { askRegistry } from '../../../src-main/desk/chosen-registry/http'
import { needsOpenssl, TestAuthority } from '../../support/certificates'
import { itNeeds } from '../../support/require'

describe('a registry behind TLS', () => {
  let authority: TestAuthority
  let url: string
  let close: () => void
  const asked: unknown[] = []
  beforeEach(async () => {
    if (needsOpenssl().missing) return
    authority = new TestAuthority()
    asked.length = 0
    const server = createServer(authority.issue('/CN=localhost'), ({ url: path, headers }, response) => {
      asked.push([path, headers.authorization])
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
