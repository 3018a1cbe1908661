import { describe, expect, it } from 'vitest'
import { readClientConfig } from '../../../src-main/client/config/client-config'
import { readRoutes, routed } from '../../../src-main/client/routes'
import { nameOf } from '../../../src-main/client/settings'
import { podOf } from '../../../src-main/client/tunnels/dial-via'
import { viaName } from '../../../src-main/client/tunnels/via'

const bootstrap = [{ host: 'localhost', port: 19_092 }]

function dialled(rules: string, host: string, port: number, nodeId: number | null): string {
  return nameOf(routed({ host, port, nodeId }, readRoutes(rules), bootstrap))
}

describe('ottla.addresses', () => {
  it.each([
    ['kafka-1:9092=127.0.0.1:1', 'KAFKA-1', 9092, 1, '127.0.0.1:1'],
    ['kafka-1:9092=127.0.0.1:1', 'kafka-1', 9093, 1, 'kafka-1:9093'],
    ['kafka-1=[::1]:1', 'kafka-1', 9093, null, '[::1]:1'],
    ['[::2]:5=[::1]:1', '::2', 5, null, '[::1]:1'],
    ['#2=localhost:7', 'a', 9092, 2, 'localhost:7'],
    ['#2=localhost:7', 'a', 9092, null, 'a:9092'],
    ['*.svc:9092=localhost:{19092+id}', 'k-0.kafka.svc', 9092, 3, 'localhost:19095'],
    ['*.svc=localhost:{19092+id}', 'k-0.kafka.svc', 9092, null, 'k-0.kafka.svc:9092'],
    ['*.svc=localhost:1', 'kafkaxsvc', 9092, 1, 'kafkaxsvc:9092'],
    ['*=bootstrap', 'kafka', 9092, 1, 'localhost:19092'],
    ['*=bootstrap', 'other', 9092, null, 'other:9092'],
    [' a=b:1 , *=bootstrap ', 'a', 9092, 1, 'b:1'],
  ] as const)('%s dials for %s:%s of node %s: %s', (rules, host, port, nodeId, expected) => {
    expect(dialled(rules, host, port, nodeId)).toBe(expected)
  })

  it.each([
    ['*=ssh://bastion', 'ssh://bastion'],
    ['kafka*=ssh://me@bastion:2222', 'ssh://me@bastion:2222'],
    ['*=socks5://me:secret@[::1]', 'socks5://::1:1080'],
    ['*=k8s://', 'k8s://'],
    ['*=k8s://stage/kafka', 'k8s://stage/kafka'],
  ])('%s goes through %s, to the address itself', (rules, way) => {
    const { host, port, via } = routed({ host: 'kafka', port: 9092, nodeId: 1 }, readRoutes(rules), bootstrap)
    expect([host, port, via && viaName(via)]).toEqual(['kafka', 9092, way])
  })

  it.each([
    ['*=ssh://me:secret@bastion'],
    ['*=ssh://-oProxyCommand'],
    ['*=ssh://'],
    ['*=k8s://a/b/c'],
    ['*=k8s://--kubeconfig'],
  ])('refuses to go through %s, and shows no password', (rules) => {
    expect(() => readRoutes(rules)).toThrow(/^ottla\.addresses goes through "(?!.*secret)/)
  })

  it.each([
    ['kafka-0.kafka-brokers.ns.svc.cluster.local', 'pod/kafka-0', 'ns'],
    ['kafka-0.kafka-brokers.ns.svc', 'pod/kafka-0', 'ns'],
    ['kafka.ns.svc', 'service/kafka', 'ns'],
    ['kafka-0', 'pod/kafka-0', null],
  ])('%s is %s in Kubernetes', (host, resource, namespace) => {
    expect(podOf(host)).toEqual({ resource, namespace })
  })

  it.each(['a', 'a=', 'a=b', '=b:1', '#x=b:1', 'a=b:{id}', 'a:b=c:1'])('refuses %s', (rules) => {
    expect(() => readRoutes(rules)).toThrow('ottla.addresses has the rule')
  })

  it.each([
    'a b=socks5://me:secret@proxy',
    '*=SOCKS5://me:secret@proxy',
    '*=socks5://me:sec/ret@proxy',
    '*=socks5://me:sec@ret@proxy:x',
    '*=socks5://me:secret,x@proxy',
    '*=socks5://me:secret',
  ])('shows no part of the password when it refuses %s', (rules) => {
    expect(() => readRoutes(rules)).toThrow(/^ottla\.addresses (?!.*(?:sec|ret))/)
  })

  it('is a setting of the client configuration', () => {
    const text = 'bootstrap.servers=localhost:19092\nottla.addresses=*=bootstrap\nottla.adresses=x'
    const { settings, ignored } = readClientConfig(text, () => 0)
    expect(settings.routes).toEqual([{ host: null, port: null, nodeId: null, to: 'bootstrap' }])
    expect(ignored).toEqual(['ottla.adresses'])
  })
})
