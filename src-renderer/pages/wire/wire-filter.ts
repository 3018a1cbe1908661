import type { ExchangeLine } from '../../../src-main/contract/exchanges'
import type { FilterLanguage } from '../../parts/filter-language'
import { texts } from './texts'

/** What requests are filtered by. */
export const wireLanguage: FilterLanguage<ExchangeLine> = {
  fields: [
    { name: 'api', note: texts.fields.api, kind: 'text', read: ({ api }) => [api] },
    { name: 'client', note: texts.fields.client, kind: 'text', read: ({ clientId }) => [clientId] },
    { name: 'topic', note: texts.fields.topic, kind: 'text', read: ({ topics }) => topics },
    {
      name: 'error',
      note: texts.fields.error,
      kind: 'text',
      read: ({ error, closed }) => [...(error === null ? [] : [error]), ...(closed === null ? [] : [closed.kind])],
    },
    { name: 'address', note: texts.fields.address, kind: 'text', read: ({ address }) => [address] },
    { name: 'took', note: texts.fields.took, kind: 'number', read: ({ tookMs }) => tookMs },
    {
      name: 'bytes',
      note: texts.fields.bytes,
      kind: 'number',
      read: ({ requestBytes, responseBytes }) => requestBytes + responseBytes,
    },
    { name: 'version', note: texts.fields.version, kind: 'number', read: ({ version }) => version },
    { name: 'connection', note: texts.fields.connection, kind: 'id', read: ({ connectionId }) => connectionId },
    {
      name: 'correlation',
      note: texts.fields.correlation,
      kind: 'id',
      read: ({ correlationId }) => correlationId,
    },
  ],
  anywhere: ({ clientId, api, topics, error, closed }) =>
    `${clientId} ${api} ${topics.join(' ')} ${error ?? ''} ${closed?.text ?? ''}`,
}
