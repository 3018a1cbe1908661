import { describe, expect, it } from 'vitest'
import { type BoardItem, writeLate } from '../../../src-renderer/parts/late-text'

class Item {
  readonly content: Readonly<Record<string, Promise<Blob>>>
  constructor(content: Readonly<Record<string, Promise<Blob>>>) {
    this.content = content
  }
}

/** A clipboard that keeps what is written; `write` fails as Chromium's does when the text does not come. */
class FakeBoard {
  readonly written: string[] = []
  writes = 0

  async writeText(text: string): Promise<void> {
    this.written.push(text)
  }

  async write([item]: readonly Item[]): Promise<void> {
    this.writes++
    const blob = await item?.content['text/plain']?.catch(() => {
      throw new DOMException('The promise was rejected', 'NotAllowedError')
    })
    this.written.push((await blob?.text()) ?? '')
  }
}

const copy = (board: FakeBoard, text: string | Promise<string>, has: BoardItem | undefined = Item) =>
  writeLate(board, has, text)

describe('writing to the clipboard', () => {
  it('begins within the click, and waits for a text that is still being read', async () => {
    const board = new FakeBoard()
    let come = (_: string) => {}
    const done = copy(
      board,
      new Promise<string>((resolve) => {
        come = resolve
      }),
    )
    expect(board.writes).toBe(1)
    come('all of it')
    await done
    expect(board.written).toEqual(['all of it'])
  })

  it('waits for the text where a browser takes no promise', async () => {
    const board = new FakeBoard()
    await writeLate(board, undefined, Promise.resolve('late'))
    expect([board.written, board.writes]).toEqual([['late'], 0])
  })

  it('says why there was no text, not that the browser got none', async () => {
    await expect(copy(new FakeBoard(), Promise.reject(new Error('too large')))).rejects.toThrow('too large')
  })

  it('says that a page without a secure address has no clipboard', async () => {
    await expect(writeLate(undefined, Item, 'text')).rejects.toThrow('at localhost or over HTTPS')
  })
})
