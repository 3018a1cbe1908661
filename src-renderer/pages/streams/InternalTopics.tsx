import type { InternalTopic } from '../../../src-main/contract/streams'
import { integer } from '../../format/numbers'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './streams.module.css'
import { texts } from './texts'

/** Repartition topics and changelogs with what is still to be read of them. */
export function InternalTopics({ topics, more }: { readonly topics: readonly InternalTopic[]; readonly more: number }) {
  const { topics: say } = texts
  if (topics.length === 0) return <p className="quiet">{say.empty}</p>
  return (
    <>
      <table className={css.table} aria-label={say.label}>
        <thead>
          <tr>
            <th>{say.topic}</th>
            <th>{say.kind}</th>
            <th>{say.subtopology}</th>
            <th className="number">{say.partitions}</th>
            <th className="number" title={say.endTitle}>
              {say.end}
            </th>
            <th className="number" title={say.lagTitle}>
              {say.lag}
            </th>
          </tr>
        </thead>
        <tbody>
          {topics.map((topic) => (
            <tr key={`${topic.topic} ${topic.subtopologyId}`}>
              <td>
                {topic.partitions === null ? (
                  topic.topic
                ) : (
                  <a className={page.link} href={href('topics', topic.topic)}>
                    {topic.topic}
                  </a>
                )}
              </td>
              <td>{topic.kind}</td>
              <td>{topic.subtopologyId}</td>
              {topic.partitions === null ? (
                <td className={`number ${page.problem}`}>{say.missing}</td>
              ) : (
                <td className="number">{integer(topic.partitions)}</td>
              )}
              <td className="number">{integer(topic.end)}</td>
              <td className="number">{say.lagOf(topic)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="quiet">{texts.moreTopics(more)}</p>}
    </>
  )
}
