const revokeAfterMs = 60_000

/** Saves a small file as a browser saves downloads; the desktop app asks where. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Firefox reads it after this turn: revoked at once, nothing would be saved.
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs)
}
