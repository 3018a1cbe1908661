import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../../src-renderer/stores/settings-values'

describe('settings that an earlier visit stored', () => {
  it('stand in for the defaults', () => {
    const stored = { columnWidths: { topics: { name: 300 } }, paneWidth: 500 }
    expect(settingsOf(JSON.stringify(stored))).toEqual({ ...settingsOf(null), ...stored })
  })

  it('have widths of messages from when only messages had columns to resize', () => {
    const settings = settingsOf(JSON.stringify({ widths: { key: 120 }, paneWidth: 500 }))
    expect(settings).toEqual({ ...settingsOf(null), columnWidths: { messages: { key: 120 } }, paneWidth: 500 })
  })
})
