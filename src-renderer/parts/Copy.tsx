import { Check, Copy as CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { attempt } from '../stores/notices'
import { shared } from '../texts'
import { Button } from './Button'
import { writeClipboard } from './clipboard'
import css from './parts.module.css'

const shownMs = 1200

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  return [copied, (text) => void attempt(() => writeClipboard(text)).then(setCopied)]
}

/** Text that a click copies. */
export function CopyText({ text }: { readonly text: string }) {
  const [copied, copy] = useCopied()
  return (
    <button type="button" className={`${css.copy} data`} onClick={() => copy(text)} title={shared.copyText(text)}>
      {text}
      {copied ? <Check size={12} aria-label={shared.copied} /> : <CopyIcon size={12} aria-hidden />}
    </button>
  )
}

/** Code with a button that copies it. */
export function Code({ text }: { readonly text: string }) {
  const [copied, copy] = useCopied()
  return (
    <pre className={css.code}>
      <Button look="plain" className={css.codeCopy} onClick={() => copy(text)} aria-label={shared.copy}>
        {copied ? <Check size={14} /> : <CopyIcon size={14} />}
      </Button>
      {text}
    </pre>
  )
}
