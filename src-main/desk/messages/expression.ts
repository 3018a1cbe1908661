import { RE2JS } from 're2js'
import { ConditionError, RecordError } from './filter'

/**
 * What the expressions of a filter may cost for one record, in steps: RE2 looks at each character with at most as many of them as its program
 * has. A second or less.
 */
const mostSteps = 20_000_000

/** The expressions of one filter: linear in what they look at, as RE2 is, and bounded for each record. */
export class Expressions {
  #stepsLeft = mostSteps

  /** A record begins. */
  begin(): void {
    this.#stepsLeft = mostSteps
  }

  /** @returns whether a text has a match. It throws RecordError. @throws ConditionError when the expression is none */
  test(pattern: string): (text: string) => boolean {
    const expression = compiled(pattern)
    const steps = expression.programSize()
    return (text) => {
      this.#stepsLeft -= steps * (text.length + 1)
      if (this.#stepsLeft < 0) {
        throw new RecordError(`a text of ${text.length.toLocaleString('en-US')} characters is too long for ${pattern}`)
      }
      return expression.test(text)
    }
  }
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    throw new ConditionError(`The regular expression “${pattern}” is not valid (RE2): ${why}`)
  }
}
