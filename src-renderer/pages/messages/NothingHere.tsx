import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { go } from '../../stores/route'
import { texts } from './texts'

/** Why there are no rows; in a topic without messages, the ways to write the first one. */
export function NothingHere({ text, onProduce }: { readonly text: string; readonly onProduce: (() => void) | null }) {
  const isEmpty = text === texts.empty.noMessages
  const ways = isEmpty && onProduce && (
    <p>
      <Button needs="messages.produce" onClick={onProduce}>
        {texts.empty.produce}
      </Button>{' '}
      <Button onClick={() => go('home')}>{texts.empty.programs}</Button>
    </p>
  )
  return <Empty action={ways}>{text}</Empty>
}
