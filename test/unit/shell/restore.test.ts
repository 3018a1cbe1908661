import { describe, expect, it } from 'vitest'
import { workspacesAtStart } from '../../../src-main/shell/restore'

const usual = { file: '/default.ottla', fileIsDefault: true }
const there = () => true

describe('the workspaces of a start', () => {
  it('are those that it names, each once', () => {
    expect(workspacesAtStart(['/a.ottla', '/b.ottla', '/a.ottla'], usual, ['/c.ottla'], there)).toEqual([
      '/a.ottla',
      '/b.ottla',
    ])
  })

  it('are those that were open and are still there', () => {
    const exists = (file: string) => file !== '/gone.ottla'
    expect(workspacesAtStart([], usual, ['/a.ottla', '/gone.ottla'], exists)).toEqual(['/a.ottla'])
    expect(workspacesAtStart([], usual, ['/gone.ottla'], exists)).toEqual(['/default.ottla'])
  })

  it('are what the flags say, and nothing besides', () => {
    expect(workspacesAtStart([], { file: null, fileIsDefault: false }, ['/a.ottla'], there)).toEqual([null])
  })
})
