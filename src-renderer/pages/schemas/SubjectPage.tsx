import { useState } from 'react'
import type { SubjectDetail, VersionDetail } from '../../../src-main/contract/schemas'
import { clockTime, exactTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { Tabs } from '../../parts/Tabs'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { go, href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Changes } from './Changes'
import { DeleteSchema } from './DeleteSchema'
import { DraftForm } from './DraftForm'
import css from './schemas.module.css'
import { texts } from './texts'
import { Uses } from './Uses'

const views = ['schema', 'fields', 'changes', 'use', 'draft'] as const

/** A subject: its versions as text and as fields, what changed between them, who uses it, and a draft of the next one. */
export function SubjectPage({ subject }: { readonly subject: string }) {
  const { tab, query } = useRoute()
  const current = views.find((view) => view === tab) ?? 'schema'
  const { value: detail, hasCome } = useFeed('schema.subject', { subject })
  const [chosen, setChosen] = useState<number | null>(Number(/version=(\d+)/.exec(query)?.[1] ?? 0) || null)
  const [removing, setRemoving] = useState<'subject' | 'version' | null>(null)
  const [discarded, setDiscarded] = useState(0)
  if (hasCome && !detail) {
    return (
      <Empty action={<Button onClick={() => go('schemas')}>{texts.allSubjects}</Button>}>
        {texts.notFound(subject)}
      </Empty>
    )
  }
  const version =
    detail?.all.find((one) => one.version === chosen) ?? detail?.all.find((one) => !one.deleted) ?? detail?.all[0]
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('schemas')}>
          {texts.title} /
        </a>
        <h1>{subject}</h1>
        <Tabs
          label={texts.views}
          current={current}
          tabs={views.map((id) => ({ id, label: texts.tabs[id], href: href('schemas', subject, id) }))}
        />
        <span className={page.spacer} />
        {detail && (
          <Button look="danger" needs="schema.delete" onClick={() => setRemoving('subject')}>
            {detail.versions === 0 ? texts.delete.forGoodSubject : texts.delete.subject}
          </Button>
        )}
      </header>
      {detail && version && (
        <>
          <div className={page.bar}>
            {current !== 'use' && current !== 'changes' && (
              <Choice
                aria-label={texts.version}
                value={version.version}
                onChange={(event) => setChosen(Number(event.target.value))}
              >
                {detail.all.map((one) => (
                  <option key={one.version} value={one.version}>
                    {texts.versionOption(one.version, one.deleted)}
                  </option>
                ))}
              </Choice>
            )}
            <span>{texts.typeNames[version.type] ?? version.type}</span>
            <Settings detail={detail} />
          </div>
          <div className={page.scroll}>
            {current === 'schema' && <SchemaText version={version} onDelete={() => setRemoving('version')} />}
            {current === 'fields' && <Fields version={version} />}
            {current === 'changes' && <Changes detail={detail} />}
            {current === 'use' && <Uses subject={subject} />}
            {current === 'draft' && (
              <DraftForm
                key={`${version.version} ${discarded}`}
                onDiscard={() => setDiscarded(discarded + 1)}
                subject={subject}
                type={version.type}
                text={version.text}
                references={version.references}
                draft={`schema ${subject} ${version.version}`}
                onRegistered={() => {
                  setChosen(null)
                  go('schemas', subject)
                }}
              />
            )}
          </div>
        </>
      )}
      {removing && detail && version && (
        <DeleteSchema
          subject={subject}
          version={removing === 'version' ? version.version : null}
          permanent={removing === 'version' ? version.deleted : detail.versions === 0}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

/** Level and mode of the subject: its own, or those of all. */
function Settings({ detail }: { readonly detail: SubjectDetail }) {
  const { subject, level, hasOwnLevel, mode, hasOwnMode } = detail
  const value = (text: string) => (text === '' ? null : text)
  return (
    <>
      <label title={texts.levelHints[level]}>
        <span className="quiet">{texts.level}</span>{' '}
        <Choice
          value={hasOwnLevel ? level : ''}
          needs="schema.level"
          onChange={(event) =>
            void attempt(() => change('schema.level', { subject, level: value(event.target.value) }))
          }
        >
          <option value="">{hasOwnLevel ? texts.modeOfAll : texts.levelOfAll(level)}</option>
          {texts.levels.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Choice>
      </label>
      <label>
        <span className="quiet">{texts.mode}</span>{' '}
        <Choice
          value={hasOwnMode ? mode : ''}
          needs="schema.mode"
          onChange={(event) => void attempt(() => change('schema.mode', { subject, mode: value(event.target.value) }))}
        >
          <option value="">{hasOwnMode ? texts.modeOfAll : texts.levelOfAll(mode)}</option>
          {texts.modes.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Choice>
      </label>
    </>
  )
}

function SchemaText({ version, onDelete }: { readonly version: VersionDetail; readonly onDelete: () => void }) {
  const { id, guid, registeredAt, references, referrers, metadata, ruleSet, deleted, text } = version
  return (
    <div className={css.split}>
      <Code text={text} />
      <aside>
        <dl className={page.facts}>
          <dt>{texts.facts.id}</dt>
          <dd>{id}</dd>
          <dt>{texts.facts.guid}</dt>
          <dd>{guid}</dd>
          <dt>{texts.facts.registered}</dt>
          <dd title={registeredAt < 0 ? undefined : exactTime(registeredAt)}>
            {registeredAt < 0 ? texts.facts.unknown : clockTime(registeredAt)}
          </dd>
          {deleted && (
            <>
              <dt>{texts.facts.state}</dt>
              <dd>{texts.facts.softDeleted}</dd>
            </>
          )}
          {references.length > 0 && (
            <>
              <dt>{texts.facts.references}</dt>
              <dd>
                {references.map((reference) => (
                  <div key={reference.name}>
                    <a
                      className={page.link}
                      href={`${href('schemas', reference.subject)}${reference.version > 0 ? `?version=${reference.version}` : ''}`}
                    >
                      {reference.name}
                    </a>
                  </div>
                ))}
              </dd>
            </>
          )}
          {referrers.length > 0 && (
            <>
              <dt>{texts.facts.referrers}</dt>
              <dd>
                {referrers.map((other) => (
                  <div key={`${other.subject} ${other.version}`}>
                    <a className={page.link} href={`${href('schemas', other.subject)}?version=${other.version}`}>
                      {texts.ofVersion(other.subject, other.version)}
                    </a>
                  </div>
                ))}
              </dd>
            </>
          )}
        </dl>
        <p className={css.action}>
          <Button needs="schema.delete" onClick={onDelete}>
            {deleted ? texts.delete.forGoodVersion : texts.delete.version}
          </Button>
        </p>
        {metadata && (
          <>
            <h2 className={page.section}>{texts.facts.metadata}</h2>
            <pre className={page.value}>{metadata}</pre>
          </>
        )}
        {ruleSet && (
          <>
            <h2 className={page.section}>{texts.facts.ruleSet}</h2>
            <pre className={page.value}>{ruleSet}</pre>
          </>
        )}
      </aside>
    </div>
  )
}

function Fields({ version }: { readonly version: VersionDetail }) {
  if (version.fields.length === 0) return <p className="quiet">{texts.noFields}</p>
  return (
    <table className={css.fields}>
      <thead>
        <tr>
          <th>{texts.fieldColumns.path}</th>
          <th>{texts.fieldColumns.type}</th>
          <th>{texts.fieldColumns.note}</th>
          <th>{texts.fieldColumns.doc}</th>
        </tr>
      </thead>
      <tbody>
        {version.fields.map(({ path, type, note, doc }) => (
          <tr key={path}>
            <td>{path}</td>
            <td>{type}</td>
            <td>{note}</td>
            <td>{doc}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
