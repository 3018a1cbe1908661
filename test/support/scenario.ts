import { readFileSync } from 'node:fs'

/** One scenario of a file: what happens, and the trace that it must leave. */
export interface Scenario {
  readonly title: string
  readonly commands: readonly string[]
  readonly trace: string
}

export function readScenarios(file: string): Scenario[] {
  return scenariosIn(readFileSync(file, 'utf8'))
}

/** `== title`, commands, `----`, the expected trace. Lines with `#` are comments. */
export function scenariosIn(text: string): Scenario[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n')
      const [head = '', trace = ''] = lines.join('\n').split(/^----\n?/m)
      return {
        title: title.trim(),
        commands: head
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '' && !line.startsWith('#')),
        trace: trace.trim(),
      }
    })
}

/** A command: its verb, who it is about, and its `name=value` options. */
export interface Command {
  readonly verb: string
  readonly who: string
  readonly options: Readonly<Record<string, string>>
}

export function readCommand(line: string): Command {
  const [verb = '', ...words] = line.split(/\s+/)
  const options = Object.fromEntries(
    words
      .filter((word) => word.includes('='))
      .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  return { verb, who: words.find((word) => !word.includes('=')) ?? '', options }
}

/** Freezes a value and everything in it: a machine that changes a state in place fails at once. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
