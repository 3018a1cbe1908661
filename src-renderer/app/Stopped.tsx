import { Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { desktop } from '../desktop'
import { type Lost, openWithToken, useHost } from '../host'
import { Button } from '../parts/Button'
import { CopyText } from '../parts/Copy'
import { Field, Labelled } from '../parts/Field'
import { useFeed } from '../stores/feed'
import css from './app.module.css'
import { serveCommand } from './serve-command'
import { texts } from './texts'

/** Shown in place of every page while there is no broker: what happened, why, and what to do. */
export function Stopped({ lost }: { readonly lost: Lost }) {
  const isCluster = useHost((host) => host.cluster !== null)
  const { title } = texts.lost[lost.kind === 'noAnswer' && isCluster ? 'noPages' : lost.kind]
  return (
    <div className={css.stopped} role="alert">
      <h1>{title}</h1>
      <p>{lost.kind === 'noAnswer' && isCluster ? texts.lost.noPages.text(location.host) : textOf(lost)}</p>
      {lost.kind === 'noToken' || lost.kind === 'wrongToken' ? (
        <TokenForm />
      ) : (
        !(lost.kind === 'noAnswer' && isCluster) && <StartAgain lost={lost} />
      )}
    </div>
  )
}

function textOf(lost: Lost): string {
  switch (lost.kind) {
    case 'stopped':
      return texts.lost.stopped.text(lost.why)
    case 'unreachable':
      return texts.lost.unreachable.text(lost.why)
    case 'noAnswer':
      return texts.lost.noAnswer.text(location.host)
    default:
      return texts.lost[lost.kind].text
  }
}

function StartAgain({ lost }: { readonly lost: Lost }) {
  const [starting, setStarting] = useState(false)
  // It failed again.
  useEffect(() => setStarting(false), [lost])
  const { value: status } = useFeed('workspace', undefined)
  if (desktop) {
    return (
      <Button
        look="primary"
        disabled={starting}
        onClick={() => {
          setStarting(true)
          desktop?.startBroker()
        }}
      >
        <Play size={12} /> {lost.kind === 'unreachable' ? texts.lost.connectAgain : texts.lost.startAgain}
      </Button>
    )
  }
  return (
    <>
      <p className="quiet">{texts.lost.startAgainWith}</p>
      <CopyText text={serveCommand(status, location.port)} />
    </>
  )
}

/** Takes the address that the broker printed, or its token alone. */
function TokenForm() {
  const [text, setText] = useState('')
  return (
    <form
      className={css.token}
      onSubmit={(event) => {
        event.preventDefault()
        openWithToken(text)
      }}
    >
      <Labelled label={texts.lost.tokenLabel}>
        <Field
          autoFocus
          size={44}
          placeholder={texts.lost.tokenPlaceholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Labelled>
      <Button look="primary" type="submit" disabled={text.trim() === ''}>
        {texts.lost.open}
      </Button>
    </form>
  )
}
