import { useState } from 'react'
import { Code } from '../../parts/Copy'
import parts from '../../parts/parts.module.css'
import { useCan } from '../../stores/can'
import { href } from '../../stores/route'
import { compareSubject } from '../compare/compared'
import css from './home.module.css'
import { type Place, snippets } from './snippets'
import { texts } from './texts'

const remembered = 'snippet'

/** How to connect, per client library: what to install, and programs that produce and consume. */
export function Connect({ place }: { readonly place: Place }) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(remembered) ?? 'java')
  const mayCompare = useCan('comparison') === true
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0]
  const choose = (id: string) => {
    localStorage.setItem(remembered, id)
    setChosen(id)
  }
  return (
    <>
      <h2 className={css.heading}>{texts.connect.title}</h2>
      <p className={css.hint}>
        <a href={href('home', 'doctor')}>{texts.doctor.open}</a>
        {mayCompare && (
          <>
            {' · '}
            <a href={href('connections', compareSubject)}>{texts.connect.compare}</a>
          </>
        )}
      </p>
      <div className={css.languages} role="tablist" aria-label={texts.connect.client}>
        {snippets.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === snippet?.id}
            className={`${css.language} ${id === snippet?.id ? `${parts.tab} ${parts.current}` : parts.tab}`}
            onClick={() => choose(id)}
          >
            {label}
          </button>
        ))}
      </div>
      {snippet?.forContainers && place.containerPort === null && (
        <p className={css.hint}>
          {texts.connect.containersClosed} <a href={href('settings')}>{texts.connect.containersOpen}</a>
        </p>
      )}
      {snippet?.steps(place).map(({ kind, file, code }) => (
        <section key={`${kind} ${file}`} className={css.step}>
          <h3>
            {texts.connect.steps[kind]} {file !== null && <span className="data quiet">{file}</span>}
          </h3>
          <Code text={code} />
        </section>
      ))}
    </>
  )
}
