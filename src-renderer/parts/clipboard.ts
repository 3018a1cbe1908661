import { type Board, type BoardItem, writeLate } from './late-text'

/** Writes a text to the clipboard, also one that is still being read. @throws what its promise throws; Error without a clipboard */
export function writeClipboard(text: string | Promise<string>): Promise<void> {
  const board = navigator.clipboard as Board | undefined
  const { ClipboardItem: Item } = window as { readonly ClipboardItem?: BoardItem }
  return writeLate(board, Item, text)
}
