import { useEffect, useState } from 'react'
import type { TopicImpact } from '../../../src-main/contract/topics'
import { ago } from '../../format/time'
import { ask } from '../../host'
import { Problem } from '../../parts/Dialog'
import { messageOf } from '../../parts/useFormAction'
import { texts } from './texts'
import css from './topics.module.css'

interface Answer {
  readonly impact: readonly TopicImpact[] | null
  readonly problem: string | null
}

/** What a deletion would take away, asked once. */
export function useImpact(topics: readonly string[]): Answer {
  const [answer, setAnswer] = useState<Answer>({ impact: null, problem: null })
  const key = topics.join('\n')
  useEffect(() => {
    let isWanted = true
    ask('topics.impact', { topics: key.split('\n') }).then(
      (impact) => isWanted && setAnswer({ impact, problem: null }),
      (error: unknown) => isWanted && setAnswer({ impact: null, problem: messageOf(error) }),
    )
    return () => {
      isWanted = false
    }
  }, [key])
  return answer
}

interface Props extends Answer {
  /** Of a partition, the first offset that stays; without it nothing stays. */
  readonly keepsFrom?: (topic: string, partition: number) => number | undefined
}

/** Groups and producers that a deletion concerns. */
export function Impact({ impact, problem, keepsFrom }: Props) {
  if (problem !== null) return <Problem text={texts.impact.failed(problem)} />
  if (!impact) return <p className="quiet">{texts.impact.looking}</p>
  const lines = impact.flatMap((one) => linesOf(one, impact.length > 1 ? one.topic : null, keepsFrom))
  if (lines.length === 0) return <p className="quiet">{texts.impact.nobody}</p>
  return (
    <ul className={css.impact} aria-label={texts.impact.label}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

function linesOf(one: TopicImpact, topic: string | null, keepsFrom: Props['keepsFrom']): string[] {
  const now = Date.now()
  const lost = one.groups.flatMap(({ groupId, members, committed }) => {
    const gone = committed.filter(({ partition, offset }) => {
      if (!keepsFrom) return true
      const next = keepsFrom(one.topic, partition)
      return next !== undefined && offset < next
    })
    if (gone.length === 0 && (keepsFrom || members === 0)) return []
    return [texts.impact.group(groupId, gone.length, members)]
  })
  const [newest] = one.producers ?? []
  const written = [
    ...(one.writers && one.writers.length > 0 ? [texts.impact.writers(one.writers)] : []),
    ...(newest && newest.lastAt >= 0
      ? [texts.impact.producers(one.producers?.length ?? 0, ago(newest.lastAt, now))]
      : []),
    ...(one.newestAt >= 0 ? [texts.impact.newest(ago(one.newestAt, now))] : []),
  ]
  return [...lost, ...written].map((line) => (topic === null ? line : `${topic}: ${line}`))
}
