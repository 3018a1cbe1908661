import type { KeyboardEvent } from 'react'
import { Combobox } from './Combobox'
import css from './combobox.module.css'
import { completionsOf, type FilterLanguage, readFilter } from './filter-language'
import { texts } from './texts'

interface Props<Row> {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly language: FilterLanguage<Row>
  /** Where the values of the completion come from. */
  readonly rows: readonly Row[]
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
}

/** A filter in the language of a list: completed while it is typed, with what is wrong and a short help below it. */
export function FilterInput<Row>({ language, rows, ...field }: Props<Row>) {
  const { problem } = readFilter(field.value, language)
  return (
    <Combobox
      {...field}
      type="search"
      tabCompletes
      optionsOf={(text, caret) => completionsOf(text, caret, language, rows)}
      problem={
        problem &&
        texts.filter.problem(
          problem,
          language.fields.map(({ name }) => name),
        )
      }
      help={
        <dl className={css.help}>
          {texts.filter.help.map(([word, meaning]) => (
            <div key={word} style={{ display: 'contents' }}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      }
    />
  )
}
