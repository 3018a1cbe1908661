import css from './parts.module.css'

/** More matches than this in one text are not marked. */
const mostMarks = 2000

/** Text with the places marked where something was found. */
export function Found({ text, find }: { readonly text: string; readonly find: string }) {
  const places = placesOf(text, find)
  if (places.length === 0) return text
  return (
    <>
      {places.map((at, i) => (
        <span key={at}>
          {text.slice(i === 0 ? 0 : (places[i - 1] as number) + find.length, at)}
          <mark className={css.found}>{text.slice(at, at + find.length)}</mark>
        </span>
      ))}
      {text.slice((places.at(-1) as number) + find.length)}
    </>
  )
}

/** Where a text holds another, without regard to case. */
export function placesOf(text: string, find: string): readonly number[] {
  if (find === '') return []
  const [where, wanted] = [text.toLowerCase(), find.toLowerCase()]
  // Letters that grow in lower case would shift the places.
  if (where.length !== text.length) return []
  const places: number[] = []
  for (
    let at = where.indexOf(wanted);
    at >= 0 && places.length < mostMarks;
    at = where.indexOf(wanted, at + wanted.length)
  ) {
    places.push(at)
  }
  return places
}
