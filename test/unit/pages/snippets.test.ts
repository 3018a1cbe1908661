import { describe, expect, it } from 'vitest'
import type { ListenerLine } from '../../../src-main/contract/workspace'
import { addressOf, containerPortFor, placeOf, snippets } from '../../../src-renderer/pages/home/snippets'

const plain: ListenerLine = {
  name: 'PLAINTEXT',
  securityProtocol: 'PLAINTEXT',
  addresses: ['127.0.0.1:9092', '[::1]:9092'],
  advertised: null,
  isOpen: false,
  problem: null,
}
const containers: ListenerLine = {
  ...plain,
  name: 'CONTAINERS',
  addresses: ['0.0.0.0:29092'],
  advertised: 'host.docker.internal:29092',
  isOpen: true,
}

describe('how to connect', () => {
  it('names the machine as people do, and what clients are told where that is something else', () => {
    expect(addressOf(plain)).toBe('localhost:9092')
    expect(addressOf({ ...plain, addresses: ['0.0.0.0:9092', '[::1]:9092'] })).toBe('localhost:9092')
    expect(addressOf(containers)).toBe('host.docker.internal:29092')
  })

  it('tells containers the listener that is for them, once there is one that is bound', () => {
    expect(placeOf([plain]).containerPort).toBeNull()
    expect(placeOf([plain, { ...containers, problem: 'taken' }]).containerPort).toBeNull()
    expect(placeOf([plain, containers])).toEqual({ host: 'localhost', port: '9092', containerPort: '29092' })
  })

  it('proposes a port for containers that is one', () => {
    expect(containerPortFor('9092')).toBe('29092')
    expect(containerPortFor('60000')).toBe('59999')
  })

  it('has steps to produce and to consume in every snippet', () => {
    for (const { id, steps } of snippets) {
      const kinds = steps(placeOf([plain])).map(({ kind }) => kind)
      expect([id, kinds]).toEqual([id, expect.arrayContaining(['produce', 'consume'])])
    }
  })

  it('has the address of the schema registry, and what to install, where serializers need it', () => {
    const place = { ...placeOf([plain]), registryUrl: 'http://localhost:8082' }
    const found = snippets.filter(({ id }) => id.startsWith('registry'))
    expect(found.map(({ label }) => label)).toEqual(['Avro, Python', 'Avro, Node', 'Avro, Java'])
    for (const { steps } of found) {
      expect(steps(place).map(({ kind }) => kind)).toContain('install')
      expect(steps(place).some(({ code }) => code.includes('http://localhost:8082'))).toBe(true)
    }
  })

  it('has the address in every snippet, and a way from Linux containers to the host', () => {
    const place = placeOf([plain, containers])
    for (const { id, forContainers, steps } of snippets) {
      const code = steps(place)
        .map((step) => step.code)
        .join('\n')
      expect([id, code]).toEqual([id, expect.stringContaining(forContainers ? ':29092' : ':9092')])
      if (forContainers) expect(code).toContain('host.docker.internal:host-gateway')
    }
  })
})
