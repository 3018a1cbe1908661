import { useState } from 'react'
import { Code } from '../../parts/Copy'
import parts from '../../parts/parts.module.css'
import { href } from '../../stores/route'
import css from './home.module.css'
import { type Place, snippets } from './snippets'

/** How to connect, per client: text to paste. */
export function Connect({ place }: { readonly place: Place }) {
  const [chosen, setChosen] = useState('java')
  const snippet = snippets.find(({ id }) => id === chosen)
  return (
    <>
      <h2 className={css.heading}>Connect</h2>
      <div className={css.languages} role="tablist" aria-label="Client">
        {snippets.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === chosen}
            className={id === chosen ? `${parts.tab} ${parts.current}` : parts.tab}
            style={{ background: 'none', border: 0, cursor: 'pointer', paddingInline: 8 }}
            onClick={() => setChosen(id)}
          >
            {label}
          </button>
        ))}
      </div>
      {snippet?.forContainers && place.containerPort === null && (
        <p className={css.hint}>
          Containers cannot reach this broker yet: <a href={href('settings')}>Settings</a> lets them, with one click.
        </p>
      )}
      {snippet && <Code text={snippet.code(place)} />}
    </>
  )
}
