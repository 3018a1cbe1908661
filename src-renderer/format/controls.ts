/** Control characters, and those that turn the direction of all text behind them, quotes included. */
const control = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/gu
const firstPicture = 0x2400
const deletePicture = '\u2421'

/** Text whose control characters can be seen: ␛ for ESC, ␀ for NUL, the code of others. Tabs and line breaks stay. */
export function visible(text: string): string {
  return text.replace(control, (char) => {
    const code = char.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(firstPicture + code)
    return code === 0x7f ? deletePicture : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
