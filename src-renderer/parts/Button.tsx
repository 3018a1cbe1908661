import type { ButtonHTMLAttributes } from 'react'
import css from './parts.module.css'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'danger' | 'plain'
}

export function Button({ look, className, ...props }: Props) {
  return (
    <button type="button" {...props} className={[css.button, look && css[look], className].filter(Boolean).join(' ')} />
  )
}
