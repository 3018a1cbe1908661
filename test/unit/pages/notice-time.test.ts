import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hideLater } from '../../../src-renderer/stores/notice-time'

/** Longer than any notice stays that goes by itself. */
const longMs = 60_000

describe('a notice', () => {
  let shown: Set<string>
  let open: string
  let listeners: Set<() => void>
  const view = {
    present: () => open,
    onChange(changed: () => void) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
  const show = (text: string, hasAction: boolean) => {
    shown.add(text)
    hideLater(hasAction, view, () => shown.delete(text))
  }
  const go = (to: string) => {
    open = to
    for (const changed of listeners) changed()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    shown = new Set()
    listeners = new Set()
    open = '#/security/acls'
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('goes by itself', () => {
    show('The quota is set.', false)
    expect([...shown]).toEqual(['The quota is set.'])
    vi.advanceTimersByTime(longMs)
    expect([...shown]).toEqual([])
  })

  it('stays with its action while its view is open, and can still be used from the next view', () => {
    show('The ACL is removed.', true)
    vi.advanceTimersByTime(longMs)
    // A filter of the same view.
    go('#/security/acls')
    vi.advanceTimersByTime(longMs)
    expect([...shown]).toEqual(['The ACL is removed.'])
    go('#/security/quotas')
    expect([...shown]).toEqual(['The ACL is removed.'])
    vi.advanceTimersByTime(longMs)
    expect([...shown]).toEqual([])
    expect(listeners.size).toBe(0)
  })
})
