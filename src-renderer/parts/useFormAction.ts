import { useState } from 'react'

export interface FormAction {
  /** The error of the last run, in a sentence; `null` after a success. */
  readonly problem: string | null
  readonly isBusy: boolean
  /** Resolves to true when the action succeeded. */
  run(action: () => Promise<unknown>): Promise<boolean>
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The action of a form. Its error belongs into the form, beside what the user typed, not into a notice elsewhere. */
export function useFormAction(): FormAction {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  return {
    problem,
    isBusy,
    async run(action) {
      setBusy(true)
      try {
        await action()
        setProblem(null)
        return true
      } catch (error) {
        setProblem(messageOf(error))
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
