import { isDesktop } from '../../host'

/** A file that is being written piece by piece; the page holds none of it in memory. */
export interface SavedFile {
  write(text: string): Promise<void>
  /** `saved`: the file is complete. `downloading`: the browser saves it as a download. */
  close(): Promise<'saved' | 'downloading'>
  discard(): Promise<void>
}

/** The API with which a page writes to a file that the user chooses (Chromium). */
interface Picker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>
}

/** Must be called while a click is handled. Resolves to `null` when the user cancels. */
export async function createFile(name: string): Promise<SavedFile | null> {
  const { showSaveFilePicker } = window as Picker
  // A window of the app has no such permission; a download asks where to save the file.
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

/** Writes to the page's own storage first: a Blob of a large export would be in memory. */
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

/** The end of a download is not reported: its file is deleted by the next export that starts this much later. */
const keptMs = 3_600_000

async function exportsFolder(): Promise<FileSystemDirectoryHandle> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('exports', { create: true })
  for await (const [entry, handle] of folder.entries()) {
    const { lastModified } = await (handle as FileSystemFileHandle).getFile()
    if (lastModified < Date.now() - keptMs) await folder.removeEntry(entry)
  }
  return folder
}
