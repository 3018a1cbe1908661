import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import css from './parts.module.css'

export function Field(props: InputHTMLAttributes<HTMLInputElement>) {
  return <input spellCheck={false} autoComplete="off" {...props} className={css.field} />
}

export function Choice(props: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select {...props} className={css.field} />
}

export function Area(props: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea spellCheck={false} {...props} className={css.area} />
}

/** A field with its name above it. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className={css.label}>
      <span>{label}</span>
      {children}
    </label>
  )
}
