import { Play, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Sizes, TopicAnalysis } from '../../../src-main/contract/analysis'
import { bytes, integer } from '../../format/numbers'
import { exactTime, span } from '../../format/time'
import { useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { CellText } from '../messages/CellText'
import page from '../pages.module.css'
import css from './analysis.module.css'
import { texts } from './texts'

/** What is in a topic: keys, sizes, null values, spread. It is read only when asked, and can be stopped. */
export function AnalysisView({ topic }: { readonly topic: string }) {
  const { analysis, problem, isRunning, start, stop } = useAnalysis(topic)
  const button = isRunning ? (
    <Button onClick={stop}>
      <Square size={12} /> {texts.analysis.stop}
    </Button>
  ) : (
    <Button look={analysis ? undefined : 'primary'} onClick={start}>
      <Play size={12} /> {analysis ? texts.analysis.again : texts.analysis.start}
    </Button>
  )
  if (!analysis) {
    return <Empty action={button}>{problem ?? (isRunning ? texts.analysis.reading : texts.analysis.about)}</Empty>
  }
  const most = Math.max(1, ...analysis.partitions.map(({ records }) => records))
  return (
    <div className={page.scroll}>
      <div className={css.head}>
        {button}
        <progress max={1} value={analysis.share} aria-label={texts.analysis.progress} />
        <span className="quiet" role="status">
          {texts.analysis.read(analysis.records, analysis.share, span(analysis.elapsedMs), analysis.done)}
        </span>
      </div>
      {problem && <Problem text={problem} />}
      <div className={css.columns}>
        <section>
          <h2 className={page.section}>{texts.analysis.messages}</h2>
          <Facts analysis={analysis} />
          <h2 className={page.section}>{texts.analysis.sizes}</h2>
          <SizesTable keys={analysis.keySizes} values={analysis.valueSizes} />
        </section>
        <section>
          <h2 className={page.section}>{texts.analysis.spread}</h2>
          <table className={css.table} aria-label={texts.analysis.spread}>
            <thead>
              <tr>
                {texts.analysis.spreadColumns.map((title) => (
                  <th key={title}>{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {analysis.partitions.map(({ partition, records, bytes: size }) => (
                <tr key={partition}>
                  <td>{partition}</td>
                  <td>{integer(records)}</td>
                  <td>{bytes(size)}</td>
                  <td className={css.barCell}>
                    <span className={css.bar} style={{ width: `${(100 * records) / most}%` }} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section>
          <h2 className={page.section}>{texts.analysis.top}</h2>
          <table className={css.table} aria-label={texts.analysis.top}>
            <tbody>
              {analysis.top.map(({ key, records }, i) => (
                <tr key={i}>
                  <td className={css.key}>
                    <CellText cell={key} />
                  </td>
                  <td>{integer(records)}</td>
                  <td>{texts.analysis.percent((100 * records) / Math.max(1, analysis.records))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </div>
  )
}

function Facts({ analysis }: { readonly analysis: TopicAnalysis }) {
  const { records, nullKeys, tombstones, withHeaders, keys, keyLimit, firstAt, lastAt } = analysis
  const part = (count: number) => texts.analysis.part(count, (100 * count) / Math.max(1, records))
  const facts: readonly (readonly [string, string])[] = [
    [texts.analysis.facts.records, integer(records)],
    [texts.analysis.facts.keys, keys > keyLimit ? texts.analysis.moreThan(keyLimit) : integer(keys)],
    [texts.analysis.facts.nullKeys, part(nullKeys)],
    [texts.analysis.facts.tombstones, part(tombstones)],
    [texts.analysis.facts.withHeaders, part(withHeaders)],
    [texts.analysis.facts.first, firstAt < 0 ? '–' : exactTime(firstAt)],
    [texts.analysis.facts.last, lastAt < 0 ? '–' : exactTime(lastAt)],
  ]
  return (
    <dl className={page.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd style={{ whiteSpace: 'pre-line' }}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function SizesTable({ keys, values }: { readonly keys: Sizes; readonly values: Sizes }) {
  return (
    <table className={css.table} aria-label={texts.analysis.sizes}>
      <thead>
        <tr>
          {texts.analysis.sizeColumns.map((title) => (
            <th key={title}>{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {([texts.analysis.key, texts.analysis.value] as const).map((name, i) => {
          const { count, sum, min, max, p50, p99 } = i === 0 ? keys : values
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[min, p50, count === 0 ? 0 : Math.round(sum / count), p99, max, sum].map((size, place) => (
                <td key={place}>{bytes(size)}</td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Runs when it is started; leaving the page ends it. */
function useAnalysis(topic: string) {
  const client = useHost((host) => host.client)
  const [round, setRound] = useState(0)
  const [isRunning, setRunning] = useState(false)
  const [analysis, setAnalysis] = useState<TopicAnalysis | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    if (!client || !isRunning) return
    return client.feed(
      'topic.analysis',
      { topic },
      {
        items: (items) => setAnalysis(items.at(-1) ?? null),
        done: () => setRunning(false),
        failed: (message) => {
          setProblem(message)
          setRunning(false)
        },
      },
    )
  }, [client, topic, round, isRunning])
  return {
    analysis,
    problem,
    isRunning,
    start: () => {
      setProblem(null)
      setRound(round + 1)
      setRunning(true)
    },
    stop: () => setRunning(false),
  }
}
