import { Fragment } from 'react'
import { placesOf } from '../format/found'
import css from './parts.module.css'

/** Text with the places marked where one of the words is. */
export function Found({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  const places = placesOf(text, words)
  if (places.length === 0) return text
  return (
    <>
      {places.map(({ at, end }, i) => (
        <Fragment key={at}>
          {text.slice(places[i - 1]?.end ?? 0, at)}
          <mark className={css.found}>{text.slice(at, end)}</mark>
        </Fragment>
      ))}
      {text.slice(places.at(-1)?.end)}
    </>
  )
}
