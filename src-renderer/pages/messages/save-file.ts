import { isDesktop } from '../../host'

/** A file that is being written: text goes to the disk piece by piece, and the page holds none of it. */
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
  if (isDesktop || !showSaveFilePicker) return await download(name)
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName: name })
    const file = await handle.createWritable()
    return {
      write: (text) => file.write(text),
      async close() {
        await file.close()
        return 'saved'
      },
      discard: () => file.abort(),
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** A file of the page's own storage is written first: a Blob of a large export would be the browser's memory. */
async function download(name: string): Promise<SavedFile> {
  const folder = await exportsFolder()
  const entry = `${Date.now()} ${name}`
  const handle = await folder.getFileHandle(entry, { create: true })
  const file = await handle.createWritable()
  return {
    write: (text) => file.write(text),
    async close() {
      await file.close()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await handle.getFile())
      link.download = name
      link.click()
      return 'downloading'
    },
    async discard() {
      await file.abort()
      await folder.removeEntry(entry)
    },
  }
}

/** Nobody tells when a download has ended: its file goes with the next export that begins this much later. */
const keptMs = 3_600_000

async function exportsFolder(): Promise<FileSystemDirectoryHandle> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('exports', { create: true })
  for await (const [entry, handle] of folder.entries()) {
    const { lastModified } = await (handle as FileSystemFileHandle).getFile()
    if (lastModified < Date.now() - keptMs) await folder.removeEntry(entry)
  }
  return folder
}
