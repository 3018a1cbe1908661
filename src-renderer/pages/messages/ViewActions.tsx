import { Pause, Play, Plus, Send, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button'
import { Menu } from '../../parts/Menu'
import type { OpenDialog } from './MessageDialogs'
import { texts } from './texts'
import type { SearchState } from './useSearch'

interface Props {
  readonly state: SearchState
  readonly isLive: boolean
  /** `null` where several topics are shown. */
  readonly topic: string | null
  readonly onPause: (isPaused: boolean) => void
  readonly onStop: () => void
  readonly onDialog: (dialog: OpenDialog) => void
  readonly onProduce: () => void
  /** Number of marked messages. */
  readonly marked: number
  readonly onResend: () => void
  /** How messages are shown. */
  readonly view: ReactNode
}

/** Buttons of the messages view. */
export function ViewActions({
  state,
  isLive,
  topic,
  onPause,
  onStop,
  onDialog,
  onProduce,
  marked,
  onResend,
  view,
}: Props) {
  const { isPaused, waiting, isReading, progress, rows } = state
  const { actions } = texts
  const resume = waiting > 0 ? actions.resumeWith(waiting) : actions.resume
  return (
    <>
      {isLive && (
        <Button onClick={() => onPause(!isPaused)}>
          {isPaused ? <Play size={12} /> : <Pause size={12} />}
          {isPaused ? resume : actions.pause}
        </Button>
      )}
      {isReading && !isLive && progress && (
        <Button onClick={onStop}>
          <Square size={12} /> {actions.stop}
        </Button>
      )}
      {marked > 0 && (
        <Button needs="resend.start" onClick={onResend}>
          <Send size={12} /> {actions.resendMarked(marked)}
        </Button>
      )}
      {view}
      <Menu
        label={actions.more}
        items={[
          { label: actions.export, onSelect: () => onDialog({ kind: 'export' }), disabled: rows.length === 0 },
          {
            label: actions.resendAll,
            onSelect: onResend,
            disabled: rows.length === 0 || marked > 0,
            needs: 'resend.start',
          },
          ...(topic === null
            ? []
            : [
                {
                  label: actions.import,
                  needs: 'messages.import',
                  onSelect: () => onDialog({ kind: 'import' }),
                } as const,
                { label: actions.decoders, onSelect: () => onDialog({ kind: 'decode', topic }) },
              ]),
        ]}
      />
      {topic !== null && (
        <Button look="primary" needs="messages.produce" onClick={onProduce}>
          <Plus size={14} /> {actions.produce}
        </Button>
      )}
    </>
  )
}
