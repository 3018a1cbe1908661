import { PassThrough } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { describe, expect, it } from 'vitest'
import { promptOn } from '../../../src-main/connections/prompt'

/** A terminal on which a user types. */
function terminal(isTTY = true) {
  const modes: boolean[] = []
  const keys = new PassThrough()
  const input = Object.assign(keys, { isTTY, setRawMode: (raw: boolean) => void modes.push(raw) })
  const output = Object.assign(new PassThrough(), { isTTY: true })
  const prompt = promptOn(input as unknown as ReadStream, output as unknown as WriteStream)
  return { prompt, modes, type: (text: string) => keys.write(text), screen: () => String(output.read() ?? '') }
}

describe('a secret that is typed on a terminal', () => {
  it('is what was typed, with corrections, and is not shown', async () => {
    const { prompt, modes, type, screen } = terminal()
    const secret = prompt?.('sasl.password of payments: ')
    type('husx\u007f')
    type('h-ä\r')
    expect(await secret).toBe('hush-ä')
    expect(screen()).toBe('sasl.password of payments: \n')
    expect(modes).toEqual([true, false])
  })

  it.each(['\u0003', '\u0004'])('is none when the user cancels (%j)', async (key) => {
    const { prompt, modes, type } = terminal()
    const secret = prompt?.('? ')
    type(`hush${key}`)
    await expect(secret).rejects.toThrow('No secret was typed.')
    expect(modes).toEqual([true, false])
  })

  it('is not asked for where there is no terminal', () => {
    expect(terminal(false).prompt).toBeNull()
  })
})
