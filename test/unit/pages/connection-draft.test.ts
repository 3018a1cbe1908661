import { describe, expect, it } from 'vitest'
import type { ConnectionLine } from '../../../src-main/contract/connections'
import {
  authorityFields,
  checkOf,
  draftOf,
  inputOf,
  mechanismOf,
  newDraft,
  tokenSourceOf,
  usesTls,
  wayOf,
  withCheck,
  withSecurity,
  wrongLines,
} from '../../../src-renderer/pages/connections/draft'

const stored: ConnectionLine = {
  id: 'x',
  name: 'payments',
  color: 'teal',
  stage: 'production',
  settings: {
    'bootstrap.servers': 'a:9093',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'alice',
    'ssl.truststore.certificates': 'PEM',
    'request.timeout.ms': '5000',
  },
  secrets: [{ setting: 'sasl.password', isSet: true }],
  clusterId: null,
}

describe('the form of a connection', () => {
  it('sends back what it was given, without naming a secret that was not touched', () => {
    expect(inputOf(draftOf(stored), stored)).toEqual({
      id: 'x',
      name: 'payments',
      color: 'teal',
      stage: 'production',
      settings: stored.settings,
      secrets: {},
      storesSecrets: false,
    })
    expect(draftOf(stored).others).toBe('request.timeout.ms=5000')
  })

  it('derives security.protocol from encryption and authentication', () => {
    const { settings } = newDraft()
    expect([usesTls(settings), mechanismOf(settings)]).toEqual([false, null])
    const protocols = [
      withSecurity(settings, false, null),
      withSecurity(settings, true, null),
      withSecurity(settings, false, 'PLAIN'),
      withSecurity(settings, true, 'PLAIN'),
    ].map((all) => [all['security.protocol'], usesTls(all), mechanismOf(all)])
    expect(protocols).toEqual([
      ['PLAINTEXT', false, null],
      ['SSL', true, null],
      ['SASL_PLAINTEXT', false, 'PLAIN'],
      ['SASL_SSL', true, 'PLAIN'],
    ])
  })

  it('leaves out what the chosen security does not use, stored secrets too', () => {
    const draft = draftOf(stored)
    const plain = inputOf({ ...draft, settings: withSecurity(draft.settings, false, null) }, stored)
    expect(plain.settings).toEqual({
      'bootstrap.servers': 'a:9093',
      'security.protocol': 'PLAINTEXT',
      'request.timeout.ms': '5000',
    })
    expect(plain.secrets).toEqual({ 'sasl.password': null })
    const token = inputOf(
      {
        ...draft,
        settings: withSecurity(draft.settings, true, 'OAUTHBEARER'),
        secrets: { 'sasl.oauthbearer.client.secret': 's', 'sasl.password': 'old' },
      },
      stored,
    )
    expect(token.settings).not.toHaveProperty('sasl.username')
    expect(token.secrets).toEqual({ 'sasl.password': null, 'sasl.oauthbearer.client.secret': 's' })
  })

  it('knows the way in which certificates are given and checked', () => {
    expect(wayOf(authorityFields, new Set(['ssl.truststore.certificates']), 'system')).toBe('text')
    expect(wayOf(authorityFields, new Set(['sasl.username']), 'system')).toBe('system')
    for (const check of ['full', 'chain', 'none'] as const) {
      expect(checkOf(withCheck(withCheck({}, 'none'), check))).toBe(check)
    }
    expect(tokenSourceOf({ 'sasl.oauthbearer.token.endpoint.url': 'file:///token' })).toBe('file')
  })

  it('reads other settings line by line, and names the lines that it cannot read', () => {
    const draft = { ...newDraft(), others: '# comment\n a.b = c=d \nnonsense\n' }
    expect(wrongLines(draft)).toEqual(['nonsense'])
    expect(inputOf(draft, null).settings).toEqual({ 'security.protocol': 'PLAINTEXT', 'a.b': 'c=d' })
  })
})
