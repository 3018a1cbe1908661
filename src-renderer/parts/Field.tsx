import {
  createContext,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  use,
  useId,
  useRef,
  useState,
} from 'react'
import { type Needs, useWhyNot } from '../stores/can'
import { Button } from './Button'
import css from './parts.module.css'
import { texts } from './texts'

/** The id of the text that names the fields inside a `Labelled`. */
const LabelText = createContext<string | undefined>(undefined)

/** The label's text alone names a field: inside a `<label>` the options of a select, or what was typed, would belong to its name. */
function useName(ownName: string | undefined) {
  const id = use(LabelText)
  return ownName === undefined && id !== undefined ? { 'aria-labelledby': id } : {}
}

export function Field(props: InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> }) {
  return (
    <input spellCheck={false} autoComplete="off" {...useName(props['aria-label'])} {...props} className={css.field} />
  )
}

interface ChoiceProps extends SelectHTMLAttributes<HTMLSelectElement> {
  /** What another choice changes in the cluster at once: while that is not possible, it is disabled and says why. */
  readonly needs?: Needs
}

export function Choice({ needs, ...props }: ChoiceProps) {
  const why = useWhyNot(needs)
  const locked = why === undefined ? {} : { disabled: true, ...(why !== null && { title: why }) }
  return <select {...useName(props['aria-label'])} {...props} {...locked} className={`${css.field} ${css.choice}`} />
}

export function Area(props: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea spellCheck={false} {...useName(props['aria-label'])} {...props} className={css.area} />
}

/** A field with its label above it. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <label className={css.label}>
      <span id={id}>{label}</span>
      <LabelText value={id}>{children}</LabelText>
    </label>
  )
}

interface FileFieldProps {
  readonly label: string
  readonly accept: string
  /** `null`: the user removed the file. */
  readonly onFile: (file: File | null) => void
  readonly disabled?: boolean
  /** Has the focus when it appears. */
  readonly isFirst?: boolean
}

/** A button that chooses a file, and the name of the chosen one. The native input is there for screen readers and for drops. */
export function FileField({ label, accept, onFile, disabled = false, isFirst = false }: FileFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [name, setName] = useState<string | null>(null)
  const choose = (file: File | null) => {
    setName(file?.name ?? null)
    onFile(file)
  }
  return (
    <span className={css.file}>
      <input
        ref={input}
        type="file"
        className={css.hiddenInput}
        tabIndex={-1}
        accept={accept}
        aria-label={label}
        disabled={disabled}
        onChange={(event) => choose(event.target.files?.[0] ?? null)}
      />
      <Button data-first={isFirst || undefined} disabled={disabled} onClick={() => input.current?.click()}>
        {texts.chooseFile}
      </Button>
      <span className={name === null ? 'quiet' : undefined}>{name ?? texts.noFile}</span>
      {name !== null && (
        <Button
          look="plain"
          disabled={disabled}
          onClick={() => {
            if (input.current) input.current.value = ''
            choose(null)
          }}
        >
          {texts.removeFile}
        </Button>
      )}
    </span>
  )
}
