import { type ReactNode, use } from 'react'
import { Found } from '../../parts/Found'
import { FindWords, SectionTitle, useFound } from './found'
import css from './settings.module.css'

/** A section without a setting that is found is not shown. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h2>
        <Marked text={title} />
      </h2>
      <SectionTitle value={title}>{children}</SectionTitle>
    </section>
  )
}

interface Props {
  readonly label: string
  readonly note: string
  /** When it takes effect; absent when that is immediately. */
  readonly effect?: string | null
  /** Further texts that find it: its value, other names. */
  readonly words?: readonly (string | null)[]
  readonly children: ReactNode
}

/** One setting: its name, what it does, and its control; while settings are searched for, only if it is found. */
export function Row({ label, note, effect = null, words = [], children }: Props) {
  if (!useFound(label, note, effect, ...words)) return null
  return (
    <div className={css.row} data-setting>
      <div>
        <div className={css.name}>
          <Marked text={label} />
        </div>
        <div className={css.note}>
          <Marked text={note} />
        </div>
        {effect !== null && (
          <div className={css.effect}>
            <Marked text={effect} />
          </div>
        )}
      </div>
      <div className={css.control}>{children}</div>
    </div>
  )
}

/** A text, with the words marked that were searched for. */
function Marked({ text }: { readonly text: string }) {
  return <Found text={text} words={use(FindWords)} />
}
