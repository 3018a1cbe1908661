import type { ReadStream, WriteStream } from 'node:tty'
import { UserError } from '../base/user-error'

/** Asks for a secret on a terminal, without showing what is typed. @throws UserError when the user cancels */
export function promptOn(input: ReadStream, output: WriteStream): ((question: string) => Promise<string>) | null {
  if (!input.isTTY || !output.isTTY) return null
  return (question) =>
    new Promise((resolve, reject) => {
      output.write(question)
      let typed = ''
      const end = (finish: () => void) => {
        input.off('data', take)
        input.setRawMode(false)
        input.pause()
        output.write('\n')
        finish()
      }
      const take = (chunk: Buffer | string) => {
        for (const letter of chunk.toString()) {
          const isEntered = letter === '\r' || letter === '\n'
          // Ctrl+C and Ctrl+D.
          const isCancelled = letter === '\u0003' || letter === '\u0004'
          if (isEntered || isCancelled) {
            end(isEntered ? () => resolve(typed) : () => reject(new UserError('No secret was typed.')))
            return
          }
          typed = letter === '\u007f' || letter === '\b' ? typed.slice(0, -1) : typed + letter
        }
      }
      input.setRawMode(true)
      input.resume()
      input.on('data', take)
    })
}
