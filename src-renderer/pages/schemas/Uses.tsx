import { useEffect, useState } from 'react'
import type { SchemaUse } from '../../../src-main/contract/schemas'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './schemas.module.css'
import { texts } from './texts'

/** Topics whose newest messages name schemas of the subject. */
export function Uses({ subject }: { readonly subject: string }) {
  const [uses, setUses] = useState<readonly SchemaUse[] | null>(null)
  useEffect(() => {
    void attempt(async () => setUses(await ask('schema.uses', { subject })))
  }, [subject])
  if (!uses) return null
  return (
    <>
      <p className="quiet">{uses.length === 0 ? texts.use.none : texts.use.intro}</p>
      {uses.length > 0 && (
        <table className={css.fields}>
          <thead>
            <tr>
              <th>{texts.use.columns.topic}</th>
              <th>{texts.use.columns.part}</th>
              <th>{texts.use.columns.messages}</th>
              <th>{texts.use.columns.versions}</th>
            </tr>
          </thead>
          <tbody>
            {uses.map(({ topic, part, messages, versions }) => (
              <tr key={`${topic} ${part}`}>
                <td>
                  <a className={page.link} href={href('topics', topic, 'schemas')}>
                    {topic}
                  </a>
                </td>
                <td>{part}</td>
                <td>{integer(messages)}</td>
                <td>{texts.use.counts(versions)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
