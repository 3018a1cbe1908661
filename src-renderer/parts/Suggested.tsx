import { Combobox } from './Combobox'
import css from './combobox.module.css'
import { Labelled } from './Field'
import { matchingNames, mostNames, nameOptions } from './matching-names'
import { texts } from './texts'

interface Props {
  readonly label: string
  readonly placeholder?: string
  readonly value: string
  /** The known names, of any number. */
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}

/** A text field that offers the known names: any part of one finds it. */
export function Suggested({ label, value, options, ...rest }: Props) {
  const more = matchingNames(options, value).length - mostNames
  return (
    <Labelled label={label}>
      <Combobox
        {...rest}
        value={value}
        optionsOf={(text) => nameOptions(options, text)}
        help={more > 0 && <p className={css.more}>{texts.moreNames(more)}</p>}
      />
    </Labelled>
  )
}
