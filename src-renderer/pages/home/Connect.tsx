import { useState } from 'react'
import { Code } from '../../parts/Copy'
import { Choice } from '../../parts/Field'
import { useCan } from '../../stores/can'
import { useQueryField } from '../../stores/query-field'
import { href } from '../../stores/route'
import { compareSubject } from '../compare/compared'
import css from './home.module.css'
import { type Place, snippetKinds, snippets } from './snippets'
import { texts } from './texts'

const remembered = 'snippet'

/** A link to a snippet leads to it, also where the page is longer than its window. */
function showFirst(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'start' })
}

/** How to connect, per client library: what to install, and programs that produce and consume. */
export function Connect({ place }: { readonly place: Place }) {
  const [linked, setLinked] = useQueryField('client')
  const [last, setLast] = useState(() => localStorage.getItem(remembered) ?? 'java')
  const chosen = linked || last
  const mayCompare = useCan('comparison') === true
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0]
  const choose = (id: string) => {
    localStorage.setItem(remembered, id)
    setLast(id)
    setLinked('')
  }
  return (
    <>
      <div className={css.connect} ref={linked === '' ? undefined : showFirst}>
        <h2>{texts.connect.title}</h2>
        <Choice aria-label={texts.connect.client} value={snippet?.id} onChange={(event) => choose(event.target.value)}>
          {snippetKinds.map((kind) => (
            <optgroup key={kind.id} label={texts.connect.kinds[kind.id]}>
              {kind.snippets.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </Choice>
      </div>
      <p className={`${css.hint} quiet`}>
        <a href={href('home', 'doctor')}>{texts.doctor.open}</a>
        {mayCompare && (
          <>
            {' · '}
            <a href={href('connections', compareSubject)}>{texts.connect.compare}</a>
          </>
        )}
      </p>
      {snippet?.forContainers && place.containerPort === null && (
        <p className={css.hint}>
          {texts.connect.containersClosed} <a href={href('settings')}>{texts.connect.containersOpen}</a>
        </p>
      )}
      <div className={css.snippet}>
        <div className={css.steps}>
          {snippet?.steps(place).map(({ kind, file, code }) => (
            <section key={`${kind} ${file}`} className={css.step} data-kind={kind}>
              <h3>
                {texts.connect.steps[kind]} {file !== null && <span className="data quiet">{file}</span>}
              </h3>
              <Code text={code} />
            </section>
          ))}
        </div>
      </div>
    </>
  )
}
