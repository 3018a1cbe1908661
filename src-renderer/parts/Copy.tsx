import { Check, Copy as CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './Button'
import css from './parts.module.css'

const saidMs = 1200

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), saidMs)
    return () => clearTimeout(timer)
  }, [copied])
  return [copied, (text) => void navigator.clipboard.writeText(text).then(() => setCopied(true))]
}

/** Text that is copied by a click. */
export function CopyText({ text }: { readonly text: string }) {
  const [copied, copy] = useCopied()
  return (
    <button type="button" className={`${css.copy} data`} onClick={() => copy(text)} title={`Copy ${text}`}>
      {text}
      {copied ? <Check size={12} aria-label="Copied" /> : <CopyIcon size={12} aria-hidden />}
    </button>
  )
}

/** A piece of code with a button that copies it. */
export function Code({ text }: { readonly text: string }) {
  const [copied, copy] = useCopied()
  return (
    <pre className={css.code}>
      <Button look="plain" className={css.codeCopy} onClick={() => copy(text)} aria-label="Copy">
        {copied ? <Check size={14} /> : <CopyIcon size={14} />}
      </Button>
      {text}
    </pre>
  )
}
