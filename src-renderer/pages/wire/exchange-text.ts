import type { ByteSpan, ExchangeDetail } from '../../../src-main/contract/exchanges'
import { integer } from '../../format/numbers'
import { texts } from './texts'

/** An API as rows and headings name it; of what is no request, what it looks like. */
export function apiText({ api, version, closed }: Pick<ExchangeDetail, 'api' | 'version' | 'closed'>): string {
  if (api !== '') return texts.apiVersion(api, version)
  return (closed && texts.noRequest[closed.kind]) ?? texts.noFrame
}

/** An exchange for a mail or an issue: who, what, the error, and every field. */
export function exchangeText(detail: ExchangeDetail): string {
  const { facts } = texts.pane
  const { at, clientId, address, connectionId, correlationId, tookMs, topics, error, closed } = detail
  const lines = [
    `${new Date(at).toISOString()}  ${apiText(detail)}`,
    `${facts.client}: ${clientId || texts.pane.noClientId}, ${address}, ${facts.connection.toLowerCase()} ${connectionId}`,
    ...(correlationId === null ? [] : [`${facts.correlation}: ${correlationId}`]),
    ...(closed === null ? [`${facts.took}: ${integer(tookMs)} ms`] : []),
    ...(topics.length === 0 ? [] : [`${facts.topics}: ${topics.join(', ')}`]),
    ...(error === null ? [] : [`${texts.columns.error}: ${error}`]),
    ...(closed === null ? [] : [`${texts.pane.closed}: ${closed.text}`]),
  ]
  const frames = [detail.request, detail.response].flatMap((span) =>
    span ? ['', span.name, ...fieldLines(span, 1)] : [],
  )
  return [...lines, ...frames].join('\n')
}

function fieldLines({ children }: ByteSpan, depth: number): readonly string[] {
  return children.flatMap((child) => [
    `${'  '.repeat(depth)}${child.name}${child.value === null ? '' : `: ${child.value}`}`,
    ...fieldLines(child, depth + 1),
  ])
}

/** More messages than this are not read by one command. */
const mostCommands = 5

/** Commands that read what the exchange is about; `null` where it is about no topic. */
export function kcatCommand({ places, topics }: ExchangeDetail, bootstrap: string): string | null {
  const kcat = `kcat -b ${quoted(bootstrap)}`
  if (places.length > 0) {
    return places
      .slice(0, mostCommands)
      .map(({ topic, partition, offset }) => `${kcat} -C -t ${quoted(topic)} -p ${partition} -o ${offset} -c 1 -e`)
      .join('\n')
  }
  return topics.length === 0 ? null : topics.map((topic) => `${kcat} -L -t ${quoted(topic)}`).join('\n')
}

/** A request may name any text as a topic, and a shell must not run it. */
function quoted(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
