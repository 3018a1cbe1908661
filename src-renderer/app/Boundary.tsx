import { Component, type ReactNode } from 'react'
import { Button } from '../parts/Button'
import { Empty } from '../parts/Empty'

interface State {
  readonly problem: string | null
}

/** A page that fails says so, and the others go on. */
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { problem: null }

  static getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    if (this.state.problem === null) return this.props.children
    return (
      <Empty action={<Button onClick={() => this.setState({ problem: null })}>Try again</Button>}>
        This page failed: {this.state.problem}
      </Empty>
    )
  }
}
