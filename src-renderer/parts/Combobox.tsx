import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import css from './combobox.module.css'
import { Field } from './Field'
import { texts } from './texts'
import { usePopupBelow } from './usePopupBelow'

export interface Option {
  readonly label: string
  readonly note?: string
  /** The text of the field with this option. */
  readonly text: string
  /** Where the caret is then; at the end when absent. */
  readonly caret?: number
}

interface Props {
  /** For screen readers; absent inside a `Labelled`. */
  readonly label?: string
  readonly type?: 'search' | 'text'
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly optionsOf: (text: string, caret: number) => readonly Option[]
  /** Tab takes the first option while a word is typed, as a shell does. */
  readonly tabCompletes?: boolean
  /** What is wrong with the text, in a sentence; it stands under the field. */
  readonly problem?: string | null
  /** Stands below the options. */
  readonly help?: ReactNode
  /** Keys that are not used here. */
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
}

/** A text field with options below it, by pointer or keyboard: arrows choose, Enter and Tab take, Esc closes. Any other text can be typed too. */
export function Combobox(props: Props) {
  const { label, type = 'text', placeholder, value, onChange, optionsOf, tabCompletes = false } = props
  const { problem = null, help, onKeyDown } = props
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const popup = useRef<HTMLDivElement>(null)
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(-1)
  /** Where the caret belongs once the chosen text is in the field. */
  const caretAfter = useRef<number | null>(null)
  const options = isOpen ? optionsOf(value, caret).filter(({ text }) => text !== value) : []
  const at = Math.min(active, options.length - 1)
  const hasList = options.length > 0
  const isShown = problem !== null || isOpen
  // A problem alone stays below dialogs and menus that open later.
  usePopupBelow(input, popup, isOpen, `${options.length} ${problem}`)
  useEffect(() => {
    if (caretAfter.current === null) return
    input.current?.setSelectionRange(caretAfter.current, caretAfter.current)
    caretAfter.current = null
  }, [value])
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const open = () => {
    setCaret(input.current?.selectionStart ?? 0)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    setActive(-1)
  }
  const take = (option: Option | undefined) => {
    if (!option) return
    caretAfter.current = option.caret ?? option.text.length
    setCaret(caretAfter.current)
    setActive(-1)
    // Behind a whole text nothing more can be chosen; behind a word of a filter the next one can.
    if (option.caret === undefined) setOpen(false)
    onChange(option.text)
  }
  const isMidWord = caret > 0 && !/\s/.test(value[caret - 1] ?? ' ')
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key, shiftKey, altKey, ctrlKey } = event
    const isPlain = !shiftKey && !altKey && !ctrlKey && !event.metaKey
    if ((key === 'ArrowDown' && altKey) || (key === ' ' && ctrlKey)) open()
    else if (hasList && isPlain && key === 'ArrowDown') setActive((at + 1) % options.length)
    else if (hasList && isPlain && key === 'ArrowUp') setActive(at <= 0 ? options.length - 1 : at - 1)
    else if (isOpen && key === 'Escape') {
      event.stopPropagation()
      close()
    } else if (hasList && isPlain && key === 'Enter' && at >= 0) take(options[at])
    else if (hasList && isPlain && key === 'Tab' && (at >= 0 || (tabCompletes && isMidWord)))
      take(options[Math.max(0, at)])
    else {
      if (key === 'Enter') close()
      onKeyDown?.(event)
      return
    }
    event.preventDefault()
  }
  return (
    <div className={css.combobox} onBlur={close}>
      <Field
        ref={input}
        type={type}
        role="combobox"
        {...(label === undefined ? {} : { 'aria-label': label })}
        {...(placeholder === undefined ? {} : { placeholder })}
        aria-autocomplete="list"
        aria-expanded={hasList}
        aria-controls={hasList ? `${id}-list` : undefined}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        aria-invalid={problem === null ? undefined : true}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        value={value}
        onChange={(event) => {
          setActive(-1)
          onChange(event.target.value)
          open()
        }}
        onClick={open}
        onSelect={() => setCaret(input.current?.selectionStart ?? 0)}
        onKeyDown={onKey}
      />
      {isShown && (
        // The field keeps the focus.
        <div
          ref={popup}
          popover={isOpen ? 'manual' : undefined}
          className={css.below}
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
        >
          {problem !== null && (
            <p id={`${id}-problem`} className={css.problem} role="alert">
              ✕ {problem}
            </p>
          )}
          {hasList && (
            <div ref={list} id={`${id}-list`} className={css.options} role="listbox" aria-label={texts.suggestions}>
              {options.map((option, i) => (
                <div
                  key={option.label}
                  id={`${id}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === at}
                  className={css.option}
                  onClick={() => take(option)}
                >
                  <span className="data">{option.label}</span>
                  {option.note !== undefined && <span className="quiet">{option.note}</span>}
                </div>
              ))}
            </div>
          )}
          {isOpen && help}
        </div>
      )}
    </div>
  )
}
