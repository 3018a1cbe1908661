import { isDesktop } from '../../host'

/** A file that is being written. Text goes in piece by piece; the page holds no more than one of them. */
export interface SavedFile {
  write(text: string): Promise<void>
  /** Whether it is there now; else the browser has it, and saves it as it saves downloads. */
  close(): Promise<'saved' | 'downloading'>
  discard(): Promise<void>
}

/** Where a browser lets pages write to a file that the person chooses (Chromium). */
interface Picker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>
}

/** Must be called while a click is handled. Returns `null` when the person chose no file. */
export async function createFile(name: string): Promise<SavedFile | null> {
  const { showSaveFilePicker } = window as Picker
  // A window of the app has no such permission: there, a download asks where to put the file.
  if (isDesktop || !showSaveFilePicker) return download(name)
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName: name })
    return chosen(await handle.createWritable())
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

function chosen(file: FileSystemWritableFileStream): SavedFile {
  return {
    write: (text) => file.write(text),
    async close() {
      await file.close()
      return 'saved'
    },
    discard: () => file.abort(),
  }
}

const pieceBytes = 4 * 1024 * 1024
const keptMs = 60_000

/** The bytes of a Blob are the browser's, which puts large ones on disk: the page holds those of the last piece. */
function download(name: string): SavedFile {
  const done: Blob[] = []
  let texts: string[] = []
  let length = 0
  const flush = () => {
    done.push(new Blob(texts))
    texts = []
    length = 0
  }
  return {
    async write(text) {
      texts.push(text)
      length += text.length
      if (length >= pieceBytes) flush()
    },
    async close() {
      flush()
      const url = URL.createObjectURL(new Blob(done, { type: 'text/plain' }))
      const link = document.createElement('a')
      link.href = url
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), keptMs)
      return 'downloading'
    },
    async discard() {
      done.length = 0
      texts = []
    },
  }
}
