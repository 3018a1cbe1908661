import { Component, type ReactNode } from 'react'
import { Button } from '../parts/Button'
import { Empty } from '../parts/Empty'
import { shared } from '../texts'
import { texts } from './texts'

interface State {
  readonly problem: string | null
}

/** Contains a crash of one page: the others still work. */
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { problem: null }

  static getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    if (this.state.problem === null) return this.props.children
    return (
      <Empty action={<Button onClick={() => this.setState({ problem: null })}>{shared.tryAgain}</Button>}>
        {texts.pageFailed(this.state.problem)}
      </Empty>
    )
  }
}
