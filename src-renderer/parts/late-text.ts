import { texts } from './texts'

/** The clipboard of a page (Clipboard API). */
export interface Board {
  writeText(text: string): Promise<void>
  write(items: readonly unknown[]): Promise<void>
}

/** ClipboardItem: its content may still be on its way. */
export type BoardItem = new (content: Readonly<Record<string, Promise<Blob>>>) => unknown

/**
 * Writes a text that may still be being read. WebKit allows a write only while it handles the click, so the text is handed over as a promise;
 * a browser without items waits for it.
 *
 * @throws what the promise throws; Error when the page has no clipboard
 */
export async function writeLate(
  board: Board | undefined,
  Item: BoardItem | undefined,
  text: string | Promise<string>,
): Promise<void> {
  // Browsers give a clipboard to secure pages only: to those of this machine, or with HTTPS.
  if (!board) throw new Error(texts.noClipboard)
  if (typeof text === 'string' || !Item) {
    await board.writeText(await text)
    return
  }
  const type = 'text/plain'
  try {
    await board.write([new Item({ [type]: text.then((whole) => new Blob([whole], { type })) })])
  } catch (error) {
    // The browser does not say why there was no text; the promise does.
    await text
    throw error
  }
}
